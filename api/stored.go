package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/huawu/huawu/callback"
	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/engine"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/scripts/phrase"
)

// Store is what the API asks of the store. Its errors wrap ErrNotFound,
// ErrConflict, ErrInvalid or ErrUnavailable where they amount to one. Methods
// that take an Actor write the audit themselves.
type Store interface {
	// Calls lists calls that have ended, the latest first.
	Calls(ctx context.Context, f CallFilter) (CallPage, error)
	// Call is everything about one call, ended or not.
	Call(ctx context.Context, tenant fact.TenantID, id fact.CallID) (CallHistory, error)
	// Events lists events after a cursor in order, at most limit. ErrNotFound:
	// the cursor is of a journal that the store does not know.
	Events(ctx context.Context, tenant fact.TenantID, after engine.Cursor, limit int) ([]PlacedEvent, error)
	// Centre is the newest version of the centre, ErrNotFound when there is
	// none; CentreVersion is a certain one, CentreVersions lists them without
	// bodies, newest first, older than before unless that is 0.
	Centre(ctx context.Context, tenant fact.TenantID) (Version, error)
	CentreVersion(ctx context.Context, tenant fact.TenantID, version int64) (Version, error)
	CentreVersions(ctx context.Context, tenant fact.TenantID, before int64, limit int) ([]Version, error)
	// SaveCentre adds a version to the one it was made from. ErrConflict:
	// that is not the newest.
	SaveCentre(ctx context.Context, by Actor, tenant fact.TenantID, previous int64, body []byte) (int64, error)
	SetPIN(ctx context.Context, by Actor, tenant fact.TenantID, agent fact.AgentID, pin string) error
	RemovePIN(ctx context.Context, by Actor, tenant fact.TenantID, agent fact.AgentID) error
	CheckPIN(ctx context.Context, tenant fact.TenantID, agent fact.AgentID, pin string) (bool, error)
	// ChangeCaller lets f change what the list of numbers has of one, and is
	// what it has then. ErrConflict: somebody else changes the list. Listed is
	// what it has of a number, ListedPage of many, in their order;
	// ListedNumbers is every entry that holds, and the list's revision.
	ChangeCaller(ctx context.Context, by Actor, tenant fact.TenantID, number, action string, f func(*center.Caller) error) (center.Caller, error)
	Listed(ctx context.Context, tenant fact.TenantID, number string) (center.Caller, error)
	ListedPage(ctx context.Context, f CallerFilter) ([]center.Caller, error)
	ListedNumbers(ctx context.Context, tenant fact.TenantID, at time.Time) ([]center.Entry, int64, error)
	// Callbacks lists calls that are owed, those asked for first at the top;
	// Callback is one. CloseCallback says what came of one; ErrConflict: it is
	// closed already.
	Callbacks(ctx context.Context, f CallbackFilter) ([]callback.Callback, error)
	Callback(ctx context.Context, tenant fact.TenantID, id fact.CallbackID) (callback.Callback, error)
	// CreateCallback keeps one that somebody has entered, MoveCallback gives one
	// another time. CallbackAttempts are those at one, the first at the top.
	CreateCallback(ctx context.Context, by Actor, tenant fact.TenantID, c callback.Callback) (callback.Callback, error)
	MoveCallback(ctx context.Context, by Actor, tenant fact.TenantID, id fact.CallbackID, m callback.Moving) (callback.Callback, error)
	CallbackAttempts(ctx context.Context, tenant fact.TenantID, id fact.CallbackID) ([]callback.Attempt, error)
	CloseCallback(ctx context.Context, by Actor, tenant fact.TenantID, id fact.CallbackID, to callback.State, note string) (callback.Callback, error)
	// PhraseRecordings are the recordings of phrases that count,
	// PhraseRecordingVersions those that one had before a version, the newest
	// first.
	// SavePhraseRecording adds one, or without a file removes it. ErrNotFound:
	// there is none to remove.
	PhraseRecordings(ctx context.Context, tenant fact.TenantID) ([]phrase.Recording, error)
	PhraseRecordingVersions(ctx context.Context, tenant fact.TenantID, of phrase.Recorded, before int64, limit int) ([]phrase.Recording, error)
	SavePhraseRecording(ctx context.Context, by Actor, tenant fact.TenantID, r phrase.Recording) (phrase.Recording, error)
	// Surveys lists callers' ratings, the latest first; SurveyFigures counts
	// them by queue, or with byAgent by agent.
	Surveys(ctx context.Context, f SurveyFilter) ([]Rated, error)
	SurveyFigures(ctx context.Context, tenant fact.TenantID, byAgent bool, from, to time.Time) ([]SurveyCount, error)
	// NormCounts lists what was counted of service norms, the latest half-hour
	// first; NormFigures sums it by rule, queue or agent.
	NormCounts(ctx context.Context, f NormFilter) ([]fact.NormCount, error)
	NormFigures(ctx context.Context, by string, f NormFilter) ([]NormFigure, error)
	// Note writes an audit row of what was done outside the store.
	Note(ctx context.Context, by Actor, n Note) error
	// Audit lists audit rows, the latest first.
	Audit(ctx context.Context, f AuditFilter) ([]AuditRow, error)
	Ping(ctx context.Context) error
}

// Actor is who a change is made for.
type Actor struct {
	Name string
	// Via is the way they came, such as "rest".
	Via string
}

// CallFilter chooses calls that have ended; zero fields choose all.
type CallFilter struct {
	Tenant   fact.TenantID
	From, To time.Time // when the call began: from From on, before To
	Queue    fact.QueueID
	Agent    fact.AgentID
	Number   string // the caller's or the dialled one, exactly
	Limit    int    // 1 to 1000; 0 means 100
	After    *CallCursor
}

// CallCursor is a place in a list of calls.
type CallCursor struct {
	Began int64       `json:"began"`
	Call  fact.CallID `json:"call"`
}

// CallPage is a part of a list of calls; Next is nil at its end.
type CallPage struct {
	Records []fact.Record
	Next    *CallCursor
}

// CallHistory is what is known of one call; Record is nil while it goes on.
type CallHistory struct {
	Record *fact.Record
	Events []PlacedEvent
}

// PlacedEvent is an event and its cursor, the id of the event in feeds.
type PlacedEvent struct {
	Cursor engine.Cursor
	Event  fact.Event
}

// Version is one version of the centre as it was written.
type Version struct {
	Version int64     `json:"version"`
	By      string    `json:"by"`
	Saved   time.Time `json:"saved"`
	Body    []byte    `json:"-"`
}

// Note is what was done, for the audit. Before and After are JSON or nothing.
type Note struct {
	Tenant        fact.TenantID
	Action        string
	Target        string
	Before, After json.RawMessage
}

// AuditFilter chooses audit rows; zero fields choose all.
type AuditFilter struct {
	Tenant             fact.TenantID
	From, To           time.Time
	By, Action, Target string
	Limit              int   // 1 to 1000; 0 means 100
	Before             int64 // the id of the last row already had
}

// AuditRow is one change: who, what, before and after.
type AuditRow struct {
	ID     int64           `json:"id"`
	Wall   time.Time       `json:"wall"`
	By     string          `json:"by"`
	Via    string          `json:"via,omitempty"`
	Action string          `json:"action"`
	Target string          `json:"target,omitempty"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}
