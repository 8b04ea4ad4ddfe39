package center

import (
	"fmt"
	"strconv"
	"time"

	"github.com/huawu/huawu/call"
	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
	"github.com/huawu/huawu/routing"
	"github.com/huawu/huawu/scripts/flow"
)

// lookDeadline is how long a PIN may take to be checked.
const lookDeadline = 5 * time.Second

// asked carries out an operation and replies.
func (c *Center) asked(in Asked) {
	r := Reply{Request: in.Request}
	if err := c.operate(in.Op, in.By); err != nil {
		r.Code, r.Message = CodeOf(err), err.Error()
		if r.Code == "" {
			r.Code = CodeInvalid
		}
	}
	c.do(r)
}

func (c *Center) operate(op Operation, by string) error {
	switch op := op.(type) {
	case SignIn:
		if _, ok := c.index.seats[op.Endpoint]; !ok {
			return fmt.Errorf("sign in %s: %w: endpoint %q is none of the centre's seats, which are written as the switch names them, such as PJSIP/1001",
				op.Agent, ErrNotFound, op.Endpoint)
		}
		return c.agent("sign in", op.Agent, routing.SignIn{Agent: op.Agent, Endpoint: op.Endpoint, Ready: op.Ready, Handover: op.Handover})
	case SignOut:
		return c.agent("sign out", op.Agent, routing.SignOut{Agent: op.Agent})
	case Ready:
		return c.agent("ready", op.Agent, routing.Ready{Agent: op.Agent})
	case NotReady:
		return c.agent("not ready", op.Agent, routing.NotReady{Agent: op.Agent, Reason: op.Reason})
	case HangUp:
		k := c.contacts[op.Call]
		if k == nil {
			return fmt.Errorf("hang up: call %q: %w", op.Call, ErrNotFound)
		}
		if op.Reason != WrongNumber && c.norms.TooSoon(op.Call, c.now.At) {
			return fmt.Errorf("hang up: call %s: %w by rule %s: it has not rung for long enough; reason %s lets it", op.Call, ErrDenied, ruleRings, WrongNumber)
		}
		c.step(k, call.End{By: fact.ByOperator, Ending: fact.Ending{Fault: fact.FaultNone, Reason: fact.ReasonOperator}})
		c.leave(k)
		c.schedule(k) // what it waited for is over
		return nil
	case HoldCall:
		return c.holdCall(op)
	case QueryCall:
		return c.queryCall(op)
	case MuteCall:
		return c.muteCall(op)
	case RecordCall:
		return c.recordCall(op)
	case PauseRecording:
		return c.pauseRecording(op, by)
	case ResumeRecording:
		return c.resumeRecording(op, by)
	case ConsultCall:
		return c.consultCall(op)
	case CompleteConsult:
		return c.completeConsult(op)
	case MergeConsult:
		return c.mergeConsult(op)
	case CancelConsult:
		return c.cancelConsult(op)
	case TransferCall:
		return c.transferCall(op)
	case ParkCall:
		return c.parkCall(op)
	case PickUp:
		return c.pickUp(op)
	case EndTalk:
		return c.endTalk(op)
	case StartScene:
		return c.startScene(op, by)
	case NextStep:
		return c.nextStep(op)
	case SkipStep:
		return c.stepScene("skip step", op.Call, flow.Skip{})
	case RepeatStep:
		return c.stepScene("repeat step", op.Call, flow.Again{})
	case SayText:
		return c.sayText(op, by)
	case StopScene:
		return c.stepScene("stop scene", op.Call, flow.Stop{})
	case SuperviseCall:
		return c.superviseCall(op)
	case TakeOverCall:
		return c.takeOverCall(op)
	case EndSupervision:
		return c.endSupervision(op)
	case SetIncident:
		return c.setIncident(op, by)
	case SetQueueMode:
		return c.setQueueMode(op)
	case MoveCaller:
		return c.moveCaller(op)
	case RankCaller:
		return c.rankCaller(op)
	case KickCaller:
		return c.kickCaller(op)
	case SetSkills:
		return c.setSkills(op)
	case ExtendWrapUp:
		return c.extendWrapUp(op)
	case ListNumbers:
		return c.listNumbers(op)
	case ReportStrike:
		c.struck(op)
		return nil
	case AnswerRequest:
		return c.answerRequest(op, by)
	case LogTalk:
		return c.logTalk(op)
	case ForceAgent:
		return c.forceAgent(op, by)
	case PutPrompts:
		c.putPrompts(op.Files)
		return nil
	case ReportCallback:
		c.closed(op)
		return nil
	case TellCallbacks:
		c.tellCallbacks(op)
		return nil
	case RunCallback:
		return c.book.Run(op.Callback, c.now.Wall().UnixMilli())
	case MarkCallback:
		return c.book.Say(op.Callback, op.Outcome)
	}
	return fmt.Errorf("operation %T: %w", op, ErrInvalid)
}

// agent gives the ACD an agent's input if it will have it.
func (c *Center) agent(what string, id fact.AgentID, in routing.Input) error {
	if err := c.acd.Check(in); err != nil {
		return fmt.Errorf("%s %s: %w", what, id, &refusal{err, sentinel(err)})
	}
	c.line(in)
	return nil
}

// deedFor does what a script asks for on behalf of the phone that runs it.
func (c *Center) deedFor(k *contact, a flow.Do) {
	seat := k.call.First().Endpoint
	id, _ := c.acd.At(seat)
	var in routing.Input
	switch a.Verb {
	case flow.VerbSignIn:
		agent := fact.AgentID(arg(a.Args, "agent"))
		k.deed, k.args = a.Token, a.Args
		k.look = string(k.call.ID) + "-k" + strconv.Itoa(a.Token)
		c.looks[k.look] = k.call.ID
		c.do(Look{Look: k.look, Agent: agent, PIN: arg(a.Args, "pin"), Deadline: lookDeadline})
		return
	case flow.VerbSupervise:
		if c.superviseFrom(k, a) {
			return
		}
	case flow.VerbRecord:
		if c.keepTake(k, a.Token) {
			return
		}
	case flow.VerbSignOut:
		in = routing.SignOut{Agent: id}
	case flow.VerbReady:
		in = routing.Ready{Agent: id}
	case flow.VerbNotReady:
		in = routing.NotReady{Agent: id, Reason: routing.PauseReason(arg(a.Args, "reason")), Call: k.call.ID}
	}
	outcome := flow.OutcomeDenied
	if in != nil && id != "" && c.agent(string(a.Verb), id, in) == nil {
		outcome = flow.OutcomeDone
		if a.Verb == flow.VerbNotReady && c.pending(id) {
			outcome = flow.OutcomePending
		}
	}
	k.back = append(k.back, flow.Returned{Token: a.Token, Outcome: outcome})
}

func arg(args []flow.Arg, name string) string {
	for _, a := range args {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// lookAgain asks anew what was asked before the process died.
func (c *Center) lookAgain(k *contact) {
	c.do(Look{Look: k.look, Agent: fact.AgentID(arg(k.args, "agent")), PIN: arg(k.args, "pin"), Deadline: lookDeadline})
}

// looked ends a sign-in by phone, or tells who calls, or what a flow has asked.
func (c *Center) looked(in Looked) {
	k := c.contacts[c.looks[in.Look]]
	delete(c.looks, in.Look)
	switch {
	case k != nil && k.asked == in.Look:
		c.recognised(k, in)
		return
	case k != nil && k.fetching != nil && k.fetching.Look == in.Look:
		c.fetched(k, in)
		return
	case k != nil && k.taking != nil && k.taking.Look == in.Look:
		c.took(k, in)
		return
	case k == nil || c.spoke(k, in) || k.look != in.Look:
		return
	}
	token, agent := k.deed, fact.AgentID(arg(k.args, "agent"))
	k.look, k.args, k.deed = "", nil, 0
	outcome := flow.OutcomeDenied
	if in.OK && c.agent("sign in", agent, routing.SignIn{Agent: agent, Endpoint: k.call.First().Endpoint}) == nil {
		outcome = flow.OutcomeDone
		if k.agent == "" {
			c.seize(k, agent)
		}
	}
	c.script(k, flow.Returned{Token: token, Outcome: outcome})
}

// Deflected is what the shell sends when it must refuse a leg that the centre
// has not seen.
func Deflected(leg fact.LegID, to media.Exit) Send {
	return Send{Command: media.Deflect{Leg: leg, To: to}, Deadline: commandDeadline}
}
