package api

import (
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/fact"
)

// RecordingAct is the body of an order to the recording of a call.
type RecordingAct struct {
	Note string `json:"note,omitempty" doc:"why, for people" maxLength:"200"`
}

// RecordingPausing is the body of a pause.
type RecordingPausing struct {
	RecordingAct
	Seconds int `json:"seconds,omitempty" doc:"after which it ends by itself; 60 when absent, another pause sets another time" minimum:"5" maximum:"600"`
}

// callRecordingRoutes steer the recordings of calls.
func (s *Server) callRecordingRoutes() {
	recorded := func(on bool) func(fact.CallID, *RecordingAct) center.Operation {
		return func(call fact.CallID, b *RecordingAct) center.Operation {
			op := center.RecordCall{Call: call, On: on}
			if b != nil {
				op.Note = b.Note
			}
			return op
		}
	}
	callVerb(s, "record", "record-call", "Record a call whatever the rules say", recorded(true))
	callVerb(s, "record-stop", "stop-recording", "Record a call no more, unless a rule requires it", recorded(false))
	callVerb(s, "record-pause", "pause-recording", "Have silence written into a call's recording instead of what is said, for a time",
		func(call fact.CallID, b *RecordingPausing) center.Operation {
			op := center.PauseRecording{Call: call}
			if b != nil {
				op.For, op.Note = time.Duration(b.Seconds)*time.Second, b.Note
			}
			return op
		})
	callVerb(s, "record-resume", "resume-recording", "Have what is said written into a call's recording again",
		func(call fact.CallID, b *RecordingAct) center.Operation {
			op := center.ResumeRecording{Call: call}
			if b != nil {
				op.Note = b.Note
			}
			return op
		})
}
