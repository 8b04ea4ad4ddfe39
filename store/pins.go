package store

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/huawu/huawu/fact"
)

// The bounds of a PIN, in digits.
const (
	minPIN = 4
	maxPIN = 12
)

// The cost of a PIN's hash: argon2id with 19 MiB and 2 passes, the smallest
// that OWASP's password storage sheet advises. More would be felt by calls on
// the same machine and would not save a secret of a few digits.
const (
	hashMemory  = 19 * 1024 // KiB
	hashPasses  = 2
	hashThreads = 1
	hashLength  = 32
	saltLength  = 16
	// hashers bounds the hashes computed at once.
	hashers = 2
)

// errForeignHash is of a hash that this program did not write.
var errForeignHash = fmt.Errorf("the stored hash is no argon2id of version %d", argon2.Version)

// SetPIN gives an agent a PIN, in place of any other. ErrInvalid: it is not 4 to
// 12 digits. The audit does not tell the PIN.
func (s *Store) SetPIN(ctx context.Context, actor Actor, tenant fact.TenantID, agent fact.AgentID, pin string) error {
	op := fmt.Sprintf("set the PIN of agent %s", agent)
	if err := checkAgent(tenant, agent); err != nil {
		return failed(ctx, op, err)
	}
	if !plausible(pin) { // the message must not repeat what may be nearly right
		return failed(ctx, op, invalid("PIN", "of another form", "4 to 12 digits"))
	}
	hash, err := s.hash(ctx, pin)
	if err != nil {
		return failed(ctx, op, err)
	}
	return s.audited(ctx, op, actor, func(tx *gorm.DB) (*Entry, error) {
		e := &Entry{Tenant: tenant, Action: "pin.set", Target: "agent/" + string(agent), After: json.RawMessage(`{"pin":"set"}`)}
		var old int64
		if err := pinOf(tx.Model(&pinRow{}), tenant, agent).Count(&old).Error; err != nil {
			return nil, err
		}
		if old > 0 {
			e.Before = json.RawMessage(`{"pin":"set"}`)
		}
		row := pinRow{Tenant: text(tenant), Agent: text(agent), Hash: hash, Wall: s.now().UnixMilli()}
		return e, tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
	})
}

// RemovePIN takes an agent's PIN away. ErrNotFound: there is none.
func (s *Store) RemovePIN(ctx context.Context, actor Actor, tenant fact.TenantID, agent fact.AgentID) error {
	op := fmt.Sprintf("remove the PIN of agent %s", agent)
	return s.audited(ctx, op, actor, func(tx *gorm.DB) (*Entry, error) {
		done := pinOf(tx, tenant, agent).Delete(&pinRow{})
		if done.Error == nil && done.RowsAffected == 0 {
			return nil, ErrNotFound
		}
		return &Entry{Tenant: tenant, Action: "pin.remove", Target: "agent/" + string(agent),
			Before: json.RawMessage(`{"pin":"set"}`)}, done.Error
	})
}

// CheckPIN says whether pin is the agent's. An agent without a PIN is answered
// false after the same work, so that the time does not tell who has one. How
// often one may try is the caller's to limit.
func (s *Store) CheckPIN(ctx context.Context, tenant fact.TenantID, agent fact.AgentID, pin string) (bool, error) {
	op := fmt.Sprintf("check the PIN of agent %s", agent)
	var row pinRow
	err := pinOf(s.read.WithContext(ctx), tenant, agent).Take(&row).Error
	known := err == nil
	if errors.Is(err, gorm.ErrRecordNotFound) {
		row.Hash, err = s.nobody, nil
	}
	if err != nil {
		return false, failed(ctx, op, err)
	}
	fits := plausible(pin)
	if !fits {
		pin = "" // bounds the work that a stranger can ask for
	}
	same, err := s.matches(ctx, row.Hash, pin)
	if err != nil {
		return false, failed(ctx, op, err)
	}
	return known && fits && same, nil
}

func pinOf(tx *gorm.DB, tenant fact.TenantID, agent fact.AgentID) *gorm.DB {
	return tx.Where("tenant = ? AND agent = ?", text(tenant), text(agent))
}

func checkAgent(tenant fact.TenantID, agent fact.AgentID) error {
	switch {
	case tenant == "":
		return invalid("tenant", `""`, "a tenant")
	case agent == "" || text(agent) != string(agent):
		return invalid("agent", fmt.Sprintf("%q", agent), "an agent number of 1 to 512 bytes of UTF-8")
	}
	return nil
}

// plausible says whether pin has the form of a PIN.
func plausible(pin string) bool {
	for _, c := range []byte(pin) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(pin) >= minPIN && len(pin) <= maxPIN
}

// hash is a fresh hash of a PIN as a PHC string:
// $argon2id$v=19$m=…,t=…,p=…$salt$hash.
func (s *Store) hash(ctx context.Context, pin string) (string, error) {
	salt := make([]byte, saltLength)
	rand.Read(salt) // never fails (crypto/rand)
	sum, err := s.derive(ctx, pin, salt, hashPasses, hashMemory, hashThreads, hashLength)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashPasses, hashThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum)), nil
}

// matches says whether a PHC string is of pin, with the costs it was made with.
func (s *Store) matches(ctx context.Context, phc, pin string) (bool, error) {
	var version, memory, passes uint32
	var threads uint8
	parts := strings.Split(phc, "$") // "", argon2id, v=, m=,t=,p=, salt, hash
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errForeignHash
	}
	_, errVersion := fmt.Sscanf(parts[2], "v=%d", &version)
	_, errCost := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &threads)
	salt, errSalt := base64.RawStdEncoding.DecodeString(parts[4])
	sum, errSum := base64.RawStdEncoding.DecodeString(parts[5])
	if err := errors.Join(errVersion, errCost, errSalt, errSum); err != nil {
		return false, fmt.Errorf("%w: %w", errForeignHash, err)
	}
	if version != argon2.Version || len(sum) == 0 || passes == 0 || threads == 0 {
		return false, errForeignHash
	}
	got, err := s.derive(ctx, pin, salt, passes, memory, threads, uint32(len(sum)))
	return err == nil && subtle.ConstantTimeCompare(got, sum) == 1, err
}

// derive computes argon2id, a few at once at most: each takes its memory and a
// core.
func (s *Store) derive(ctx context.Context, pin string, salt []byte, passes, memory uint32, threads uint8, length uint32) ([]byte, error) {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(pin), salt, passes, memory, threads, length), nil
}
