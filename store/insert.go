package store

import "strconv"

// insert is an INSERT of many rows, row by row and column by column. Its text
// is made of our own words and of whole numbers; a text of a caller's is always
// a parameter.
type insert struct {
	head, tail string
	// spelled has numbers and empty texts written out, and equal texts share
	// a parameter: SQLite's driver prepares every statement anew, so that its
	// text may as well differ, and looks up each parameter among all. That of
	// PostgreSQL keeps what it has prepared, by its text, which must then be
	// the same for other values.
	spelled bool
	most    int // rows at once

	text []byte
	args []any
	// at is the parameter of a text, if spelled.
	at            map[string]int
	rows, columns int
}

// rowsAtOnce and rowsSpelled keep a statement well below the databases' bounds
// on parameters (32,766 on SQLite, 65,535 on PostgreSQL). Measured from 25 to
// 400, and from 8 to 70 on SQLite, its size makes no difference beyond noise; a
// statement on SQLite is not interrupted, so that one is kept short.
const (
	rowsAtOnce  = 100
	rowsSpelled = 32
)

func newInsert(spelled bool, head, tail string) *insert {
	if spelled {
		return &insert{head: head, tail: tail, spelled: true, most: rowsSpelled, at: map[string]int{}}
	}
	return &insert{head: head, tail: tail, most: rowsAtOnce}
}

// row begins a row.
func (i *insert) row() {
	if i.rows == 0 {
		i.text = append(i.text[:0], i.head...)
		i.args = i.args[:0]
		clear(i.at)
	} else {
		i.text = append(i.text, "),"...)
	}
	i.text = append(i.text, '(')
	i.rows++
	i.columns = 0
}

func (i *insert) full() bool { return i.rows == i.most }

// statement is the INSERT of the rows so far; the next row begins another.
func (i *insert) statement() (string, []any) {
	i.text = append(append(i.text, ')'), i.tail...)
	i.rows = 0
	return string(i.text), i.args
}

func (i *insert) column() {
	if i.columns > 0 {
		i.text = append(i.text, ',')
	}
	i.columns++
}

func (i *insert) numbers(numbers ...int64) {
	for _, n := range numbers {
		i.column()
		if i.spelled {
			i.text = strconv.AppendInt(i.text, n, 10)
		} else {
			i.parameter(n)
		}
	}
}

// texts are columns that other rows may well have the same in.
func (i *insert) texts(texts ...string) {
	for _, s := range texts {
		i.column()
		at, known := i.at[s]
		switch {
		case i.spelled && s == "":
			i.text = append(i.text, "''"...)
		case known:
			i.text = strconv.AppendInt(append(i.text, '?'), int64(at), 10)
		default:
			i.parameter(s)
			if i.spelled {
				i.at[s] = len(i.args)
			}
		}
	}
}

// own is a column that no other row has the same in.
func (i *insert) own(s string) {
	i.column()
	i.parameter(s)
}

func (i *insert) parameter(v any) {
	i.args = append(i.args, v)
	if i.spelled {
		i.text = append(i.text, '?') // the one after the last
		return
	}
	i.text = strconv.AppendInt(append(i.text, '$'), int64(len(i.args)), 10)
}

func insertOfEvents(spelled bool) *insert {
	return newInsert(spelled, `INSERT INTO call_events
		(journal, seq, n, tenant, kind, at, wall, call, leg, queue, agent, body) VALUES `, "")
}

func (i *insert) event(r eventRow) {
	i.row()
	i.numbers(r.Journal, r.Seq, int64(r.N))
	i.texts(r.Tenant, r.Kind)
	i.numbers(r.At, r.Wall)
	i.texts(r.Call, r.Leg, r.Queue, r.Agent)
	i.own(r.Body)
}

// insertOfCalls gives back the keys of the rows that were not there yet.
func insertOfCalls(spelled bool) *insert {
	return newInsert(spelled, `INSERT INTO calls
		(tenant, call, direction, from_number, to_number, flow, queue, agent, began, ended, fault, reason, hung_up_by,
		 cause, ivr_ms, wait_ms, ring_ms, talk_ms, hold_ms, wrapup_ms, offers, transfers, consult_ms, trunk, excuse) VALUES `,
		` ON CONFLICT DO NOTHING RETURNING tenant, call`)
}

func (i *insert) call(r callRow) {
	i.row()
	i.texts(r.Tenant, r.Call, r.Direction, r.FromNumber, r.ToNumber, r.Flow, r.Queue, r.Agent)
	i.numbers(r.Began, r.Ended)
	i.texts(r.Fault, r.Reason, r.HungUpBy)
	i.numbers(int64(r.Cause), r.IVR, r.Wait, r.Ring, r.Talk, r.Hold, r.WrapUp, int64(r.Offers), int64(r.Transfers), r.Consult)
	i.texts(r.Trunk, r.Excuse)
}

func insertOfRecordings(spelled bool) *insert {
	return newInsert(spelled, `INSERT INTO recordings
		(tenant, call, n, recording, leg, side, name, began, ms) VALUES `, "")
}

func (i *insert) recording(r recordingRow) {
	i.row()
	i.texts(r.Tenant, r.Call)
	i.numbers(int64(r.N))
	i.texts(r.Recording, r.Leg, r.Side, r.Name)
	i.numbers(r.Began, r.Ms)
}
