package call

import (
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// Part is what a leg is there for.
type Part string

// The parts.
const (
	PartTalk    Part = ""        // the first leg, or who talks or is to talk to it
	PartConsult Part = "consult" // is asked by the agent
	PartAdded   Part = "added"   // the third one of a talk of three
	PartOut     Part = "out"     // has no part any more and is being hung up
	// PartSupervise is of a supervisor's leg (Supervision).
	PartSupervise Part = "supervise"
)

// Leg is one leg of a call.
type Leg struct {
	ID       fact.LegID     `json:"id"`
	Role     media.Role     `json:"role"`
	Part     Part           `json:"part,omitempty"`
	State    media.LegState `json:"state"`
	Endpoint fact.Endpoint  `json:"endpoint,omitempty"`
	Agent    fact.AgentID   `json:"agent,omitempty"`
	Offer    fact.OfferID   `json:"offer,omitempty"`
	// Wanted is whether Answer was asked for, InRoom whether Joined came.
	Wanted bool        `json:"wanted,omitempty"`
	InRoom fact.RoomID `json:"in_room,omitempty"`
	Rang   bool        `json:"rang,omitempty"`
	Talked bool        `json:"talked,omitempty"` // was in the talk
	// Held says that its phone holds the others, ToHold that it is to hear
	// music by our word, OnHold that it does.
	Held   bool `json:"held,omitempty"`
	ToHold bool `json:"to_hold,omitempty"`
	OnHold bool `json:"on_hold,omitempty"`
	Muted  bool `json:"muted,omitempty"`
	// Consent says that who hears music by our word was asked first.
	Consent bool `json:"consent,omitempty"`
	// HeldFor is why it is on hold by our word, as hold.on says.
	HeldFor string `json:"held_for,omitempty"`
	// Detect says that the switch tells when it speaks, Spoke since when it
	// does, 0 while it is silent.
	Detect bool         `json:"detect,omitempty"`
	Spoke  fact.Instant `json:"spoke,omitempty"`
	// Hears is the play of ours that it hears in a talk, "" for none.
	Hears      fact.PlayID  `json:"hears,omitempty"`
	HearsSince fact.Instant `json:"hears_since,omitempty"`
	// Made is when we asked for it, 0 for a leg that arrived.
	Made fact.Instant `json:"made,omitempty"`
	// Whisper is what the agent hears on picking up.
	Whisper []media.Prompt `json:"whisper,omitempty"`
	// Hung is whether we asked for its end.
	Hung bool `json:"hung,omitempty"`
	Gone bool `json:"gone,omitempty"`
	// Unheard says that it counts as gone and its end was never told.
	Unheard bool `json:"unheard,omitempty"`
	// Lost says that it ended while nobody looked.
	Lost bool `json:"lost,omitempty"`
	// Quiet is since when nothing has been heard of it or asked about it,
	// Denied when the switch said that there is no such leg, 0 for never.
	Quiet  fact.Instant `json:"quiet,omitempty"`
	Denied fact.Instant `json:"denied,omitempty"`
}

// leaving says whether a leg is to end and has not yet.
func (l *Leg) leaving() bool { return !l.Gone && (l.Hung || l.Part == PartOut) }

// there says whether a leg can be worked with: neither gone nor hung up.
func (l *Leg) there() bool { return l != nil && !l.Gone && !l.Hung }
