package api

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Role is what a token is good for.
type Role string

// The roles.
const (
	RoleAdmin Role = "admin" // everything
	RoleRead  Role = "read"  // reading only: wallboards, metrics
)

// Token is one bearer token: whose it is and what it is good for. The secret
// itself is not kept.
type Token struct {
	Name   string
	Role   Role
	digest [sha256.Size]byte
}

// minToken is the length of the shortest secret, in bytes.
const minToken = 16

// NewToken is a token with a given secret. It errors wrapping ErrInvalid on a
// secret under 16 bytes or with spaces, without repeating it.
func NewToken(name string, role Role, secret string) (Token, error) {
	switch {
	case name == "":
		return Token{}, fmt.Errorf("token: it has no name: %w", ErrInvalid)
	case role != RoleAdmin && role != RoleRead:
		return Token{}, fmt.Errorf("token %s: role %q: want %s or %s: %w", name, role, RoleAdmin, RoleRead, ErrInvalid)
	case len(secret) < minToken || strings.ContainsAny(secret, " \t\r\n"):
		return Token{}, fmt.Errorf("token %s: want at least %d characters without spaces: %w", name, minToken, ErrInvalid)
	}
	return Token{Name: name, Role: role, digest: sha256.Sum256([]byte(secret))}, nil
}

// tokenOf is the token with that secret. Every token is compared in constant
// time, so that the time tells nothing.
func tokenOf(tokens []Token, secret string) (Token, bool) {
	digest := sha256.Sum256([]byte(secret))
	found := -1
	for i := range tokens {
		if subtle.ConstantTimeCompare(tokens[i].digest[:], digest[:]) == 1 {
			found = i
		}
	}
	if found < 0 {
		return Token{}, false
	}
	return tokens[found], true
}

// tokenFileHead begins a file that CreateTokens makes.
const tokenFileHead = `# Bearer tokens of huawu's API, one a line: "<name> <token> [admin|read]".
# A line with a token alone belongs to "admin". huawu reads this file when it starts.
`

// LoadTokens reads a token file: "<token>" or "<name> <token> [<role>]" a
// line, "#" begins a comment. A file that is not there wraps fs.ErrNotExist;
// one that is wrong wraps ErrInvalid and names the line.
func LoadTokens(path string) ([]Token, error) {
	var tokens []Token
	err := readTokens(path, func(line int, name, secret string, role Role) error {
		t, err := NewToken(name, role, secret)
		if err != nil {
			return fmt.Errorf("%s:%d: %w", path, line, err)
		}
		tokens = append(tokens, t)
		return nil
	})
	return tokens, err
}

// FirstToken is the secret of the first token in a file, for a client.
func FirstToken(path string) (string, error) {
	var first string
	err := readTokens(path, func(_ int, _, secret string, _ Role) error {
		if first == "" {
			first = secret
		}
		return nil
	})
	return first, err
}

func readTokens(path string, each func(line int, name, secret string, role Role) error) error {
	src, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the token file: %w", err)
	}
	lines := bufio.NewScanner(strings.NewReader(string(src)))
	found := false
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		words := strings.Fields(text)
		name, secret, role := "admin", "", RoleAdmin
		switch len(words) {
		case 0:
			continue
		case 1:
			secret = words[0]
		case 2:
			name, secret = words[0], words[1]
		case 3:
			name, secret, role = words[0], words[1], Role(words[2])
		default:
			return fmt.Errorf("%s:%d: %d words: want \"<name> <token> [admin|read]\": %w", path, n, len(words), ErrInvalid)
		}
		found = true
		if err := each(n, name, secret, role); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read the token file %s: %w", path, err)
	}
	if !found {
		return fmt.Errorf("%s holds no token: want \"<name> <token> [admin|read]\" a line: %w", path, ErrInvalid)
	}
	return nil
}

// CreateTokens makes a token file with one random token, readable by its owner
// only, unless there is a file already. It says whether it made one.
func CreateTokens(path string) (created bool, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false, fmt.Errorf("create the token file: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("create the token file: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	secret := make([]byte, 32)
	rand.Read(secret) // never fails (crypto/rand)
	if _, err := fmt.Fprintf(f, "%sadmin %s\n", tokenFileHead, base64.RawURLEncoding.EncodeToString(secret)); err != nil {
		return true, fmt.Errorf("create the token file: %w", err)
	}
	return true, nil
}
