package flow

// Stage is where a scene is played: what its cues go by. A step neither keeps
// nor changes it.
type Stage struct {
	// Led says that an agent is there, who is shown what the system does not
	// say and tells what nobody else knows.
	Led bool
	// Holds says whether a condition holds, and whether that is known.
	Holds func(when string) (holding, known bool)
	// Speaks is what both sides hear of a wording; nothing where the agent is
	// to say it, or a value for it is missing (PHR-3).
	Speaks func(line Line) []Prompt
}

// The phases of a scene.
const (
	PhaseAsk    Phase = "ask"    // the agent is to tell whether a condition holds
	PhaseShow   Phase = "show"   // the agent is shown what to say
	PhaseSpeak  Phase = "speak"  // both sides hear the system say it
	PhasePause  Phase = "pause"  // nothing is said for a time
	PhaseOffer  Phase = "offer"  // the agent is to have something done, or do it
	PhaseAct    Phase = "act"    // it is being done
	PhaseExcuse Phase = "excuse" // the agent may hang up
)

// The inputs of a scene, besides PlayEnded, Returned, Talk, Start and Tick.
type (
	// Next ticks a cue off: it was said, may be said or done, or is done. Line
	// is the key of the wording that was said, "" for the one shown.
	Next struct {
		Line string `json:"line,omitempty"`
	}
	// Skip passes a cue over, Again says the last phrase once more, Stop ends
	// the scene.
	Skip  struct{}
	Again struct{}
	Stop  struct{}
)

func (Next) input()  {}
func (Skip) input()  {}
func (Again) input() {}
func (Stop) input()  {}

// How says what became of a cue.
type How string

// What becomes of cues (PHR-7).
const (
	HowShown    How = "shown" // to the agent
	HowSaid     How = "said"  // by the agent, who has ticked it off
	HowPlaying  How = "playing"
	HowPlayed   How = "played"   // by the system
	HowUnplayed How = "unplayed" // it could not be heard
	HowWaited   How = "waited"
	HowAsked    How = "asked" // whether its condition holds
	HowOffered  How = "offered"
	HowDoing    How = "doing"
	HowDone     How = "done"
	HowPending  How = "pending" // it will be done, and is not yet
	HowFailed   How = "failed"
	HowSkipped  How = "skipped" // by the agent
	HowPassed   How = "passed"  // its condition does not hold, or what it belongs to was not said
	HowExcused  How = "excused" // hanging up is allowed from now on
	HowHungUp   How = "hung-up" // by the system
)

// Hows are all of them.
var Hows = []How{
	HowShown, HowSaid, HowPlaying, HowPlayed, HowUnplayed, HowWaited, HowAsked, HowOffered, HowDoing, HowDone, HowPending, HowFailed, HowSkipped,
	HowPassed, HowExcused, HowHungUp,
}

// The actions of a scene, besides Play and StopPlay.
type (
	// Cued says what has become of a cue.
	Cued struct {
		Cue  string `json:"cue"`
		Line string `json:"line,omitempty"`
		How  How    `json:"how"`
	}
	// Act asks for an action; Returned answers with the token.
	Act struct {
		Token int    `json:"token"`
		Cue   string `json:"cue"`
	}
	// Excuse says by which code hanging up is excused from now on, "" for not
	// any more (RUL-END-2).
	Excuse struct {
		Code string `json:"code,omitempty"`
	}
	// Finished says that the scene is over. With HungUp the call is to end,
	// excused by Code.
	Finished struct {
		Why  End    `json:"why"`
		Code string `json:"code,omitempty"`
	}
)

func (Cued) action()     {}
func (Act) action()      {}
func (Excuse) action()   {}
func (Finished) action() {}

// End says how a scene ended.
type End string

// The ends.
const (
	EndDone    End = "done"
	EndStopped End = "stopped"
	EndSpoke   End = "spoke"   // the caller, who was thought to be silent
	EndHungUp  End = "hung-up" // the system is to hang up now
	EndTalk    End = "talk"    // the talk is over; the session does not say so
)
