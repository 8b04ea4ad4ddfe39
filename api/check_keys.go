package api

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/scripts/phrase"
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
func (k *checker) keys(t center.TalkKeys, s phrase.Settings) {
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
		k.keyScene(at+".scene", code, s)
		for j, other := range all {
			if j != i && strings.HasPrefix(code.Keys, other.Keys) {
				k.wrong(at+".keys", fmt.Sprintf("%q begins with %q, which is %s", code.Keys, other.Keys, other.Does), "write another code")
			} else if j >= len(t.Codes) && strings.HasPrefix(other.Keys, code.Keys) {
				k.wrong(at+".keys", fmt.Sprintf("%q begins the standard %q, which is %s", code.Keys, other.Keys, other.Does), "write another code")
			}
		}
	}
}

// keyScene checks which scene a code begins: one that the tenant or a queue has.
func (k *checker) keyScene(at string, code center.TalkKey, s phrase.Settings) {
	switch {
	case code.Does != center.KeyScene && code.Scene != "":
		k.wrong(at, fmt.Sprintf("%s begins no scene", code.Does), "leave it out, or write does: scene")
		return
	case code.Does != center.KeyScene:
		return
	}
	all, err := catalogue()
	if err != nil {
		return // said by phrases
	}
	book, scopes := all.Book(s), []phrase.Scope{{}}
	for _, q := range s.Queues {
		scopes = append(scopes, phrase.Scope{Queue: q.Queue})
	}
	if !slices.ContainsFunc(scopes, func(in phrase.Scope) bool { _, _, err := book.Scene(in, code.Scene); return err == nil }) {
		k.wrong(at, fmt.Sprintf("%q is no scene of the tenant's profile, nor of a queue's", code.Scene), "huawu phrase scenes shows which there are; phrases.profile says whose")
	}
}
