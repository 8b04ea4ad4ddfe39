package api

import "testing"

func TestDocumentsWithWrongPark(t *testing.T) {
	const right = `park: {from: 701, to: 720, timeout: 90s, music: jazz}
seats: [{endpoint: PJSIP/1, extension: "8001"}]
agents: [{id: "1001"}]
`
	noticed(t, right, []slip{
		{"timeout: 90s", "timeout: 2h", "park.timeout: a caller may be parked for 2h0m0s"},
		{"from: 701", "from: 721", "park: slots from 721 to 720"},
		{"from: 701, ", "", "park: slots from 0 to 720"},
		{"to: 720", "to: 9000", "park: slots from 701 to 9000"},
		{"from: 701", "from: -1", "park: slots from -1"},
		{`"8001"`, `"710"`, "park: slot 710 is the extension of PJSIP/1"},
		{`"1001"`, `"702"`, "park: slot 702 is an agent's number"},
		{"from: 701, to: 720", "from: 100, to: 115", "park: slot 110 is an emergency number"},
	})
}
