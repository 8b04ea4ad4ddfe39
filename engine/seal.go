package engine

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// keyName is the file of the key that secrets are sealed with, beside the
// journal: it keeps them out of copies and backups of the journal alone.
const keyName = "key"

// sealer encrypts what must not lie on disk in the clear.
type sealer struct {
	aead cipher.AEAD
	mark []byte
}

// openSealer reads the directory's key, or makes one when fresh says that
// nothing can have been sealed yet.
func openSealer(dir string, fresh bool) (*sealer, error) {
	path := filepath.Join(dir, keyName)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && fresh {
		return makeSealer(path)
	}
	if err != nil {
		return nil, fmt.Errorf("journal key: %w (it is needed to read what is sealed in %s)", err, dir)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("journal key %s: mode is %04o, others can read it: want 0600", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("journal key: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("journal key %s: want 64 hexadecimal digits: %w", path, ErrCorrupt)
	}
	return newSealer(key)
}

func makeSealer(path string) (*sealer, error) {
	key := make([]byte, 32)
	rand.Read(key)
	if err := writeFileAtomically(path, []byte(hex.EncodeToString(key)+"\n")); err != nil {
		return nil, fmt.Errorf("make journal key: %w", err)
	}
	return newSealer(key)
}

func newSealer(key []byte) (*sealer, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("journal key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("journal key: %w", err)
	}
	mark := hmac.New(sha256.New, key)
	mark.Write([]byte("effect log"))
	return &sealer{aead: aead, mark: mark.Sum(nil)}, nil
}

// seal encrypts plain so that it opens only together with about.
func (s *sealer) seal(plain, about []byte) []byte {
	nonce := make([]byte, s.aead.NonceSize(), s.aead.NonceSize()+len(plain)+s.aead.Overhead())
	rand.Read(nonce)
	return s.aead.Seal(nonce, nonce, plain, about)
}

// open is the reverse of seal; it errors wrapping ErrCorrupt.
func (s *sealer) open(sealed, about []byte) ([]byte, error) {
	n := s.aead.NonceSize()
	if len(sealed) < n {
		return nil, fmt.Errorf("unseal: too short: %w", ErrCorrupt)
	}
	plain, err := s.aead.Open(nil, sealed[:n], sealed[n:], about)
	if err != nil {
		return nil, fmt.Errorf("unseal: another key, or damaged: %w", ErrCorrupt)
	}
	return plain, nil
}

// aboutRecord binds a sealed input to its place in the journal.
func aboutRecord(seq uint64, at fact.Instant) []byte {
	about := make([]byte, 0, 16)
	about = binary.LittleEndian.AppendUint64(about, seq)
	return binary.LittleEndian.AppendUint64(about, uint64(at))
}

// veil hides what is secret in an effect, so that equal effects still read
// equal in the effect log.
func (s *sealer) veil(e center.Effect) center.Effect {
	look, ok := e.(center.Look)
	switch {
	case !ok || look.Caller != nil || look.Take != nil:
		return e
	case look.Speech != nil: // it may be what others know of a caller
		q := *look.Speech
		q.Text = s.veiled(q.Text)
		look.Speech = &q
		return look
	case look.Enquiry != nil:
		q := *look.Enquiry
		q.URL = s.veiled(q.URL)
		q.Body = slices.Clone(q.Body)
		for i := range q.Body {
			q.Body[i].Value = s.veiled(q.Body[i].Value)
		}
		look.Enquiry = &q
		return look
	}
	look.PIN = s.veiled(look.PIN)
	return look
}

// veiled is what stands for a secret.
func (s *sealer) veiled(secret string) string {
	m := hmac.New(sha256.New, s.mark)
	m.Write([]byte(secret))
	return "hmac:" + hex.EncodeToString(m.Sum(nil)[:16])
}
