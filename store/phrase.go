package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
)

type phraseRecordingRow struct {
	Tenant   string `gorm:"primaryKey"`
	Queue    string `gorm:"primaryKey"`
	Agent    string `gorm:"primaryKey"`
	Profile  string `gorm:"primaryKey"`
	Language string `gorm:"primaryKey"`
	Phrase   string `gorm:"primaryKey"`
	Version  int64  `gorm:"primaryKey;autoIncrement:false"`
	Words    string
	File     string
	Ms       int64
	Measured string
	SavedBy  string
	Via      string
	Wall     int64
}

func (phraseRecordingRow) TableName() string { return "phrase_recordings" }

// SavePhraseRecording adds a version of a recording and is what was saved, with
// its version, who and when. One without a file removes the recording:
// ErrNotFound when there is none. Of two who save at once one gets ErrConflict.
func (s *Store) SavePhraseRecording(ctx context.Context, actor Actor, tenant fact.TenantID, r phrase.Recording) (phrase.Recording, error) {
	op := "save a recording of phrase " + r.Key
	switch {
	case tenant == "":
		return r, failed(ctx, op, invalid("tenant", `""`, "a tenant"))
	case r.Key == "" || r.Profile == "" || r.Language == "":
		return r, failed(ctx, op, invalid("phrase", fmt.Sprintf("%+v", r.Recorded), "a key, a profile and a language"))
	}
	err := s.audited(ctx, op, actor, func(tx *gorm.DB) (*Entry, error) {
		var newest phraseRecordingRow
		err := recordingOf(tx, tenant, r.Recorded).Order("version DESC").Take(&newest).Error
		if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
			return nil, err
		}
		if r.File == "" && newest.File == "" {
			return nil, fmt.Errorf("a recording of it: %w", ErrNotFound)
		}
		row := phraseRecordingRow{Tenant: text(tenant), Queue: text(r.Queue), Agent: text(r.Agent), Profile: text(r.Profile), Language: text(r.Language), Phrase: text(r.Key),
			Version: newest.Version + 1, Words: prose(r.Text), File: text(r.File), Ms: r.Millis, Measured: prose(r.Measured),
			SavedBy: text(actor.Name), Via: text(actor.Via), Wall: s.now().UnixMilli()}
		// Two that save at once both get here; the primary key lets one pass.
		if err := tx.Create(&row).Error; err != nil {
			return nil, err
		}
		r = row.recording()
		e := &Entry{Tenant: tenant, Action: "phrase.record", Target: "phrase/" + r.Key}
		if r.File == "" {
			e.Action = "phrase.unrecord"
		}
		if newest.Version > 0 {
			e.Before = recordingJSON(newest.recording())
		}
		e.After = recordingJSON(r)
		return e, nil
	})
	return r, err
}

// recordingJSON is a recording in the audit.
func recordingJSON(r phrase.Recording) json.RawMessage {
	b, err := json.Marshal(map[string]any{"version": r.Version, "queue": r.Queue, "agent": r.Agent, "profile": r.Profile, "language": r.Language, "file": r.File, "text": r.Text})
	if err != nil { // texts and numbers always marshal
		return nil
	}
	return b
}

func recordingOf(tx *gorm.DB, tenant fact.TenantID, r phrase.Recorded) *gorm.DB {
	return tx.Where("tenant = ? AND queue = ? AND agent = ? AND profile = ? AND language = ? AND phrase = ?",
		text(tenant), text(r.Queue), text(r.Agent), text(r.Profile), text(r.Language), text(r.Key))
}

// PhraseRecordings are the recordings that count, by phrase.
func (s *Store) PhraseRecordings(ctx context.Context, tenant fact.TenantID) ([]phrase.Recording, error) {
	const op = "list recordings of phrases"
	if tenant == "" {
		return nil, failed(ctx, op, invalid("tenant", `""`, "a tenant"))
	}
	var rows []phraseRecordingRow
	err := s.read.WithContext(ctx).Where("tenant = ?", text(tenant)).Order("phrase, profile, language, queue, agent, version DESC").Find(&rows).Error
	var all []phrase.Recording
	var last phrase.Recorded
	for _, row := range rows {
		r := row.recording()
		if r.Recorded == last {
			continue // an older version
		}
		if last = r.Recorded; r.File != "" {
			all = append(all, r)
		}
	}
	return all, failed(ctx, op, err)
}

// PhraseRecordingVersions are the versions of a recording, the newest first.
// before is the last version already had, 0 to begin; limit is 1 to 1000, 0
// means 100.
func (s *Store) PhraseRecordingVersions(ctx context.Context, tenant fact.TenantID, of phrase.Recorded, before int64, limit int) ([]phrase.Recording, error) {
	const op = "list the versions of a recording"
	if tenant == "" {
		return nil, failed(ctx, op, invalid("tenant", `""`, "a tenant"))
	}
	limit, err := limitOf(limit)
	if err != nil {
		return nil, failed(ctx, op, err)
	}
	q := recordingOf(s.read.WithContext(ctx), tenant, of)
	if before != 0 {
		q = q.Where("version < ?", before)
	}
	var rows []phraseRecordingRow
	err = q.Order("version DESC").Limit(limit).Find(&rows).Error
	all := make([]phrase.Recording, len(rows))
	for i, row := range rows {
		all[i] = row.recording()
	}
	return all, failed(ctx, op, err)
}

func (r phraseRecordingRow) recording() phrase.Recording {
	return phrase.Recording{Recorded: phrase.Recorded{Queue: fact.QueueID(r.Queue), Agent: fact.AgentID(r.Agent), Profile: r.Profile, Language: r.Language, Key: r.Phrase},
		Version: r.Version, Text: r.Words, File: r.File, Millis: r.Ms, Measured: r.Measured, By: r.SavedBy, Via: r.Via, Saved: r.Wall}
}
