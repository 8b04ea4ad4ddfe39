package api

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// placeOf is the place in a list that ?page= names, nil for its beginning.
// ErrInvalid: it names none.
func placeOf[C any](page string) (*C, error) {
	if page == "" {
		return nil, nil
	}
	place := new(C)
	text, err := base64.RawURLEncoding.DecodeString(page)
	if err == nil {
		err = json.Unmarshal(text, place)
	}
	if err != nil {
		return nil, fmt.Errorf("page %q: want next of the page before: %w", page, ErrInvalid)
	}
	return place, nil
}

// nextPage names the place of the last of a list for ?page=, "" at the end: when
// there are fewer than were asked for.
func nextPage[T, C any](all []T, limit int, place func(T) C) string {
	if len(all) == 0 || len(all) < limit {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(asJSON(place(all[len(all)-1])))
}
