package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/huawu/huawu/fact"
)

// The rows of the tables; the migrations say what the columns mean.

type appliedRow struct {
	Journal int64 `gorm:"primaryKey;autoIncrement"`
	Epoch   string
	Seq     int64
	Wall    int64
}

type eventRow struct {
	Journal int64 `gorm:"primaryKey;autoIncrement:false"`
	Seq     int64 `gorm:"primaryKey;autoIncrement:false"`
	N       int   `gorm:"primaryKey;autoIncrement:false"`
	Tenant  string
	Kind    string
	At      int64
	Wall    int64
	Call    string
	Leg     string
	Queue   string
	Agent   string
	Body    string
}

type callRow struct {
	Tenant     string `gorm:"primaryKey"`
	Call       string `gorm:"primaryKey"`
	Direction  string
	FromNumber string
	ToNumber   string
	Flow       string
	Queue      string
	Agent      string
	Began      int64
	Ended      int64
	Fault      string
	Reason     string
	HungUpBy   string
	Cause      int
	IVR        int64 `gorm:"column:ivr_ms"`
	Wait       int64 `gorm:"column:wait_ms"`
	Ring       int64 `gorm:"column:ring_ms"`
	Talk       int64 `gorm:"column:talk_ms"`
	Hold       int64 `gorm:"column:hold_ms"`
	WrapUp     int64 `gorm:"column:wrapup_ms"`
	Offers     int
	Transfers  int
	Consult    int64 `gorm:"column:consult_ms"`
	Trunk      string
	Excuse     string
}

type recordingRow struct {
	Tenant    string `gorm:"primaryKey"`
	Call      string `gorm:"primaryKey"`
	N         int    `gorm:"primaryKey;autoIncrement:false"`
	Recording string
	Leg       string
	Side      string
	Name      string
	Began     int64
	Ms        int64
}

type centreRow struct {
	Tenant  string `gorm:"primaryKey"`
	Version int64  `gorm:"primaryKey;autoIncrement:false"`
	Body    string
	SavedBy string
	Wall    int64
}

type pinRow struct {
	Tenant string `gorm:"primaryKey"`
	Agent  string `gorm:"primaryKey"`
	Hash   string
	Wall   int64
}

type auditRow struct {
	ID     int64 `gorm:"primaryKey;autoIncrement"`
	Tenant string
	Wall   int64
	Actor  string
	Via    string
	Action string
	Target string
	Before string
	After  string
}

func (appliedRow) TableName() string   { return "applied" }
func (eventRow) TableName() string     { return "call_events" }
func (callRow) TableName() string      { return "calls" }
func (recordingRow) TableName() string { return "recordings" }
func (centreRow) TableName() string    { return "centre_versions" }
func (pinRow) TableName() string       { return "agent_pins" }
func (auditRow) TableName() string     { return "audit" }

// longest is the most bytes of a column that an index may hold: PostgreSQL
// refuses index rows over a third of its 8 kB page, and ours hold up to three
// such columns.
const longest = 512

// text makes what came from a network fit for both databases.
func text[T ~string](t T) string {
	s := prose(string(t))
	if len(s) <= longest {
		return s
	}
	cut := longest
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}

// prose is text of any length, for a column that no index holds.
func prose(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\uFFFD")
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func rowOfEvent(journal int64, e fact.Sequenced) eventRow {
	body := e.Event.AppendJSON(make([]byte, 0, 512))
	return eventRow{Journal: journal, Seq: int64(e.Seq), N: e.N, Tenant: text(e.Event.Tenant),
		Kind: text(e.Event.Kind), At: int64(e.Event.At), Wall: e.Event.Wall, Call: text(e.Event.Call),
		Leg: text(e.Event.Leg), Queue: text(e.Event.Queue), Agent: text(e.Event.Agent), Body: string(body)}
}

func (r eventRow) sequenced() (fact.Sequenced, error) {
	e := fact.Sequenced{Seq: uint64(r.Seq), N: r.N}
	if err := json.Unmarshal([]byte(r.Body), &e.Event); err != nil {
		return e, fmt.Errorf("body of event %d.%d: %w", r.Seq, r.N, err)
	}
	return e, nil
}

func rowOfRecord(r fact.Record) callRow {
	return callRow{Tenant: text(r.Tenant), Call: text(r.Call), Direction: text(r.Direction),
		FromNumber: text(r.From), ToNumber: text(r.To), Flow: text(r.Flow), Queue: text(r.Queue),
		Agent: text(r.Agent), Began: r.Began, Ended: r.Ended, Fault: text(r.Fault), Reason: text(r.Reason),
		HungUpBy: text(r.By), Cause: r.Cause, IVR: r.IVR, Wait: r.Wait, Ring: r.Ring, Talk: r.Talk,
		Hold: r.Hold, WrapUp: r.WrapUp, Offers: r.Offers, Transfers: r.Transfers, Consult: r.Consult, Trunk: text(r.Trunk),
		Excuse: text(r.Excuse)}
}

func (r callRow) record(recordings []fact.RecordingFile) fact.Record {
	return fact.Record{Tenant: fact.TenantID(r.Tenant), Call: fact.CallID(r.Call),
		Direction: fact.Direction(r.Direction), From: r.FromNumber, To: r.ToNumber,
		Flow: fact.FlowID(r.Flow), Queue: fact.QueueID(r.Queue), Agent: fact.AgentID(r.Agent),
		Began: r.Began, Ended: r.Ended,
		Ending: fact.Ending{Fault: fact.Fault(r.Fault), Reason: fact.Reason(r.Reason)},
		By:     fact.Party(r.HungUpBy), Cause: r.Cause, IVR: r.IVR, Wait: r.Wait, Ring: r.Ring, Talk: r.Talk,
		Hold: r.Hold, WrapUp: r.WrapUp, Offers: r.Offers, Transfers: r.Transfers, Consult: r.Consult, Trunk: r.Trunk, Excuse: r.Excuse,
		Recordings: recordings}
}

func rowsOfRecordings(r fact.Record) []recordingRow {
	rows := make([]recordingRow, len(r.Recordings))
	for i, f := range r.Recordings {
		rows[i] = recordingRow{Tenant: text(r.Tenant), Call: text(r.Call), N: i, Recording: text(f.Recording),
			Leg: text(f.Leg), Side: text(f.Side), Name: text(f.Name), Began: int64(f.Began), Ms: f.Millis}
	}
	return rows
}

func (r recordingRow) file() fact.RecordingFile {
	return fact.RecordingFile{Recording: fact.RecordingID(r.Recording), Leg: fact.LegID(r.Leg),
		Side: fact.Side(r.Side), Name: r.Name, Began: fact.Instant(r.Began), Millis: r.Ms}
}
