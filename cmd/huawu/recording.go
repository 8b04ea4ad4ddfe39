package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/huawu/huawu/api"
	"github.com/huawu/huawu/center"
)

// recordingPauses are why silence is written into a recording, and until when.
func recordingPauses(all []center.RecordingPause) string {
	words := make([]string, len(all))
	for i, p := range all {
		words[i] = p.Cause
		if p.Until != 0 {
			words[i] += " – " + clock(p.Until)
		}
		if p.Who != "" {
			words[i] += " (" + p.Who + ")"
		}
	}
	return strings.Join(words, ", ")
}

// recordingCommand steers the recordings of calls.
func (a *app) recordingCommand() *cobra.Command {
	c := group("recording", "Steer the recordings of calls, fetch and verify those that are kept", append([]*cobra.Command{
		a.recordingVerb("start", "record", "Record a call whatever the rules say"),
		a.recordingVerb("stop", "record-stop", "Record a call no more, unless a rule requires it"),
		a.recordingPause(),
		a.recordingVerb("resume", "record-resume", "Have what is said written into a call's recording again"),
	}, a.keptCommands()...)...)
	c.Aliases = []string{"record"}
	return c
}

// recordingVerb is an order to the recording of a call, which is told why.
func (a *app) recordingVerb(use, verb, short string) *cobra.Command {
	var body api.RecordingAct
	c := &cobra.Command{
		Use: use + " CALL", Short: short, Example: "  huawu recording " + use + " " + sampleCall + " --note 客户要求",
		Args: takes("CALL"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error { return a.commandCall(cmd, args[0], verb, body) },
	}
	c.Flags().StringVar(&body.Note, "note", "", "why, for people: in the audit log and the call's events")
	return c
}

func (a *app) recordingPause() *cobra.Command {
	var body api.RecordingPausing
	c := &cobra.Command{
		Use: "pause CALL", Short: "Have silence written into a call's recording instead of what is said, for a time",
		Long:    "Silence of the same length is written into a call's recording instead of what is said,\nuntil \"resume\", or until --seconds have passed. Another pause sets another time.",
		Example: "  huawu recording pause " + sampleCall + " --note 证件号码\n  huawu recording pause " + sampleCall + " --seconds 120",
		Args:    takes("CALL"), ValidArgsFunction: a.completeCalls,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.commandCall(cmd, args[0], "record-pause", body)
		},
	}
	c.Flags().StringVar(&body.Note, "note", "", "why, for people: in the audit log and the call's events")
	c.Flags().IntVar(&body.Seconds, "seconds", 60, "after which it ends by itself, 5 to 600")
	return c
}
