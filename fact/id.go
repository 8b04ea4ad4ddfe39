package fact

import "strings"

// Ids are opaque to everybody but their minter. None is ever reused, not even
// after a restart: minted ids carry the epoch of the journal they were born in.
type (
	// TenantID names a tenant; the first one is DefaultTenant.
	TenantID string
	// CallID names our unit of work, from the first leg to the survey.
	CallID string
	// LegID names one channel on one switch: "<switch>/<native id>".
	LegID string
	// RoomID names legs that talk: "<switch>/<native id>".
	RoomID string
	// PlayID names one playback: "<switch>/<native id>".
	PlayID string
	// RecordingID names one recording: "<switch>/<native id>".
	RecordingID string
	// SpyID names one supervision of a leg: "<switch>/<native id>".
	SpyID string
	// TransferID names one transfer that a phone has asked for.
	TransferID string
	// TicketID names a contact's place in line.
	TicketID string
	// RoundID names the offers made together for one ticket.
	RoundID string
	// OfferID names one ticket proposed to one agent.
	OfferID string
	// QueueID names a queue within its tenant.
	QueueID string
	// AgentID is the agent number (工号), unique within the tenant.
	AgentID string
	// Endpoint is an address the switch can dial, in the switch's own
	// spelling, such as "PJSIP/1001".
	Endpoint string
	// FlowID names a flow within its tenant.
	FlowID string
	// CallbackID names a call that we owe somebody.
	CallbackID string
	// SkillID names a skill within its tenant.
	SkillID string
)

// DefaultTenant is the tenant of an installation that knows only one.
const DefaultTenant TenantID = "default"

// Native is the part of a switch-made or switch-bound id that the switch knows.
func Native[T ~string](id T) string {
	_, native, found := strings.Cut(string(id), "/")
	if !found {
		return string(id)
	}
	return native
}

// SwitchOf is the name of the switch that a leg, room, play, recording or spy
// lives on; "" for an id that is bound to none.
func SwitchOf[T ~string](id T) string {
	name, _, found := strings.Cut(string(id), "/")
	if !found {
		return ""
	}
	return name
}

// On binds a native id to a switch.
func On[T ~string](name, native string) T { return T(name + "/" + native) }
