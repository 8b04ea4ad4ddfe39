package api

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/center"
)

// talkKeys are what an agent may press in a talk for an order.
var talkKeys = regexp.MustCompile(`^[*#][0-9*#]{1,7}$`)

// The bounds between two keys.
const (
	minKeyTimeout = time.Second
	maxKeyTimeout = 30 * time.Second
)

// keys checks the phone keys of a talk: whichever comes first must be all of a
// code, or the one would hide the other.
func (k *checker) keys(t center.TalkKeys) {
	if t.Timeout != 0 && (t.Timeout < minKeyTimeout || t.Timeout > maxKeyTimeout) {
		k.wrong("keys.timeout", fmt.Sprintf("%v from key to key", t.Timeout), fmt.Sprintf("write %v to %v", minKeyTimeout, maxKeyTimeout))
	}
	var acts []string
	for _, a := range center.KeyActs {
		acts = append(acts, string(a))
	}
	all := t.All()
	for i, code := range t.Codes {
		at := fmt.Sprintf("keys.codes[%d]", i)
		if !talkKeys.MatchString(code.Keys) {
			k.wrong(at+".keys", fmt.Sprintf("%q is no code", code.Keys), "write * or # and one to seven keys more")
		}
		if !slices.Contains(center.KeyActs, code.Does) {
			k.wrong(at+".does", fmt.Sprintf("%q is nothing that keys do", code.Does), known(acts))
		}
		for j, other := range all {
			if j != i && strings.HasPrefix(code.Keys, other.Keys) {
				k.wrong(at+".keys", fmt.Sprintf("%q begins with %q, which is %s", code.Keys, other.Keys, other.Does), "write another code")
			} else if j >= len(t.Codes) && strings.HasPrefix(other.Keys, code.Keys) {
				k.wrong(at+".keys", fmt.Sprintf("%q begins the standard %q, which is %s", code.Keys, other.Keys, other.Does), "write another code")
			}
		}
	}
}
