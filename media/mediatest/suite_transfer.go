package mediatest

import (
	"time"

	"github.com/huawu/huawu/fact"
	"github.com/huawu/huawu/media"
)

// asked waits for a phone's transfer request.
func (x *trial) asked(leg fact.LegID) media.TransferAsked {
	x.Helper()
	e, _ := expect(x, func(e media.TransferAsked) bool { return e.Leg == leg })
	if e.Transfer == "" {
		x.Errorf("%+v has no id", e)
	}
	return e
}

// told checks what a phone was told of its transfer.
func (x *trial) told(far Far, want bool) {
	x.Helper()
	if done := far.Told(); done != want {
		x.Errorf("the phone was told that its transfer is done: %v, want %v", done, want)
	}
}

func transferAsked(x *trial) {
	p := x.pair()
	p.agent.Refer("1002", nil)
	if x.can.Transfers != media.TransferAskFirst {
		x.told(p.agent, false)
		never(x, func(media.TransferAsked) bool { return true })
		x.talk(p)
		return
	}
	first := x.asked(p.agentLeg)
	if first.To != "1002" || first.Consulted != "" {
		x.Errorf("%+v: want to 1002, nobody consulted", first)
	}
	never(x, func(media.Left) bool { return true }) // nothing moves until told
	x.must(media.RefuseTransfer{Transfer: first.Transfer, Leg: p.agentLeg})
	x.told(p.agent, false)
	x.talk(p)
	x.refused(media.AnswerTransfer{Transfer: first.Transfer, Leg: p.agentLeg, Done: true}, media.ErrNoLeg)

	p.agent.Refer("1003", nil)
	second := x.asked(p.agentLeg)
	if second.Transfer == first.Transfer || second.To != "1003" {
		x.Errorf("%+v after %+v: want an id of its own, to 1003", second, first)
	}
	x.must(media.AnswerTransfer{Transfer: second.Transfer, Leg: p.agentLeg}) // it goes on
	x.must(media.AnswerTransfer{Transfer: second.Transfer, Leg: p.agentLeg, Done: true})
	x.told(p.agent, true)
	x.must(media.Probe{Leg: p.callerLeg})

	far, leg := x.agent()
	far.Refer("1004", nil)
	open := x.asked(leg)
	far.Hangup()
	x.endedBy(leg, true, 16)
	x.refused(media.RefuseTransfer{Transfer: open.Transfer, Leg: leg}, media.ErrNoLeg)
	never(x, func(media.TransferAsked) bool { return true })
}

func transferAttended(x *trial) {
	if x.b.BlindOnly {
		x.Log("the phones of this bench ask for blind transfers only")
		return
	}
	caller, callerLeg := x.talker()
	phone := x.w.Phone(Behaviour{Then: Answers})
	both := [2]fact.LegID{x.created(phone), x.created(phone)}
	var fars [2]Far
	for i, leg := range both {
		x.must(media.Dial{Leg: leg, Limit: 10 * time.Second})
		x.answered(leg)
		fars[i] = phone.Rung()
	}
	colleague, colleagueLeg := x.agent()
	x.joins(mint[fact.RoomID](x, "room"), callerLeg, both[0])
	x.joins(mint[fact.RoomID](x, "room"), colleagueLeg, both[1])
	fars[0].Refer("", fars[1])
	if x.can.Transfers != media.TransferAskFirst {
		x.told(fars[0], false)
		never(x, func(media.TransferAsked) bool { return true })
		return
	}
	e := x.asked(both[0])
	if e.Consulted != both[1] {
		x.Errorf("%+v: want %s consulted", e, both[1])
	}
	never(x, func(media.Left) bool { return true })
	// Done as the controller would do it.
	x.joins(mint[fact.RoomID](x, "room"), callerLeg, colleagueLeg)
	x.must(media.AnswerTransfer{Transfer: e.Transfer, Leg: both[0], Done: true})
	x.told(fars[0], true)
	for _, leg := range both {
		x.must(media.Hangup{Leg: leg})
		x.ended(leg)
	}
	colleague.Talk(true)
	x.heard(caller, Heard{Voices: []Far{colleague}})
}

func transferUnknown(x *trial) {
	_, leg := x.talker()
	with := []error{media.ErrNoLeg}
	if x.can.Transfers != media.TransferAskFirst {
		with = append(with, media.ErrInvalid)
		x.cover.command(media.AnswerTransfer{})
		x.cover.command(media.RefuseTransfer{})
	}
	transfer := mint[fact.TransferID](x, "transfer")
	x.refused(media.AnswerTransfer{Transfer: transfer, Leg: leg}, with...)
	x.refused(media.AnswerTransfer{Transfer: transfer, Leg: leg, Done: true}, with...)
	x.refused(media.RefuseTransfer{Transfer: transfer, Leg: leg}, with...)
}
