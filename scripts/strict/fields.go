package strict

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// field is one key of a struct.
type field struct {
	name  string
	index []int
}

// listFields are the keys of a struct in the order of its fields, those of
// inlined structs among them.
func listFields(t reflect.Type) []field {
	var all []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case name == "-" || !f.IsExported():
		case options == "inline":
			for _, inner := range listFields(f.Type) {
				all = append(all, field{inner.name, append([]int{i}, inner.index...)})
			}
		case name == "":
			panic(fmt.Sprintf("strict: %s.%s has no yaml tag", t, f.Name))
		default:
			all = append(all, field{name, []int{i}})
		}
	}
	return all
}

func fields(t reflect.Type) map[string][]int {
	known := make(map[string][]int)
	for _, f := range listFields(t) {
		known[f.name] = f.index
	}
	return known
}

func names(t reflect.Type) []string {
	var all []string
	for _, f := range listFields(t) {
		all = append(all, f.name)
	}
	return all
}

// mostNamed is how many known words a remedy still names.
const mostNamed = 40

// Suggest is what somebody may have meant by a word that is not known, as a
// remedy: the nearest known one, or all of them, or the first of very many.
func Suggest(key string, known []string) string {
	best, least := "", utf8.RuneCountInString(key)/2+1
	for _, k := range known {
		if d := distance(strings.ToLower(key), k); d < least {
			best, least = k, d
		}
	}
	if best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	known = slices.Sorted(slices.Values(known))
	if n := len(known); n > mostNamed {
		return fmt.Sprintf("known here are %d, such as %s", n, strings.Join(known[:6], ", "))
	}
	return "known here: " + strings.Join(known, ", ")
}

// distance is how many letters must be put in, left out or changed to make b
// of a (Levenshtein). Of a long a only the beginning counts.
func distance(a, b string) int {
	const most = 64
	x, y := []rune(a[:min(len(a), most)]), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, c := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j, e := range y {
			cost := diagonal
			if c != e {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}
