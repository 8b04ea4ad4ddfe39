package flow

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/huawu/huawu/scripts/strict"
)

// Schema is the JSON Schema of a flow in a file of its own, for editors. It is
// made of the structs that Parse reads and of the bounds that Check holds them
// to; what it cannot say, such as where the nodes lead, Check does.
func Schema() ([]byte, error) {
	return strict.Schema("A flow of huawu", Flow{}, Rules())
}

// Rules are what the structs of flows allow beyond their types, for the schemas
// of documents that have flows in them.
func Rules() map[reflect.Type]strict.Rule {
	all := maps.Clone(rules)
	node := strict.Rule{Required: []string{"id"}, Just: [][]string{Kinds()}, Fields: map[string]strict.Bounds{"id": {Pattern: nodeName.String()}}}
	all[reflect.TypeFor[Node]()] = node
	for _, k := range kinds {
		t := reflect.TypeOf(k.of(nodeOf(k.name))).Elem()
		rule := all[t]
		// An exit that is named though it leads nowhere may not be left out.
		for _, e := range k.of(nodeOf(k.name)).Names().Exits {
			rule.Required = append(slices.Clip(rule.Required), e.Name)
		}
		all[t] = rule
	}
	return all
}

// nodeOf is an empty node of a kind.
func nodeOf(name string) *Node {
	n := new(Node)
	v := reflect.ValueOf(n).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("yaml") == name {
			v.Field(i).Set(reflect.New(v.Field(i).Type().Elem()))
		}
	}
	return n
}

func bound(n int) *int { return &n }

// terminators are the keys that may end what is gathered or said.
var terminators = []string{"#", "*", "none"}

// rules are those of single structs; exits that must be there are found by Rules.
var rules = map[reflect.Type]strict.Rule{
	reflect.TypeFor[Flow](): {Required: []string{"id", "nodes"}, Fields: map[string]strict.Bounds{
		"id": {Pattern: flowName.String()}, "language": {Enum: Languages, Default: DefaultLanguage},
		"nodes": {Least: 1, Most: MaxNodes}, "play_limit": {Default: DefaultPlayLimit.String()},
	}},
	reflect.TypeFor[Prompt](): {Just: [][]string{promptKinds}, Scalar: "text", Fields: map[string]strict.Bounds{
		"file": {Pattern: fileName.String()}, "sound": {Pattern: fileName.String()}, "text": {MaxLength: MaxText},
		"silence": {Min: bound(1), Max: bound(60_000)}, "language": {Enum: Spoken()},
	}},
	reflect.TypeFor[Value](): {Just: [][]string{{"from", "value"}}, Scalar: "value", Fields: map[string]strict.Bounds{"from": variableBounds}},
	reflect.TypeFor[PlayNode](): {Required: []string{"prompts"}, Fields: map[string]strict.Bounds{
		"prompts": {Least: 1, Most: MaxPrompts}, "barge_in": {Default: true},
	}},
	reflect.TypeFor[Ask](): {Required: []string{"prompts"}, Fields: map[string]strict.Bounds{
		"prompts": {Least: 1, Most: MaxPrompts}, "invalid": {Most: MaxPrompts}, "no_input": {Most: MaxPrompts},
		"timeout": {Default: DefaultTimeout.String()}, "retries": {Min: bound(0), Max: bound(MaxRetries), Default: DefaultRetries},
		"barge_in": {Default: true}, "type_ahead": {Default: true},
	}},
	reflect.TypeFor[MenuNode](): {Required: []string{"keys"}, Fields: map[string]strict.Bounds{"keys": {Least: 1}, "variable": variableBounds}},
	reflect.TypeFor[Choice]():   {Required: []string{"key", "next"}, Fields: map[string]strict.Bounds{"key": {Enum: strings.Split(Keys, "")}}},
	reflect.TypeFor[GatherNode](): {Required: []string{"variable"}, Fields: map[string]strict.Bounds{
		"variable": variableBounds, "min": {Min: bound(0), Max: bound(MaxDigits)}, "max": {Min: bound(0), Max: bound(MaxDigits)},
		"is":         {Enum: kindsAsked(), Default: IsDigits},
		"terminator": {Enum: terminators, Default: DefaultEnter}, "between": {Default: DefaultBetween.String()},
	}},
	reflect.TypeFor[Confirm](): {Required: []string{"prompts"}, Fields: map[string]strict.Bounds{
		"prompts": {Least: 1, Most: MaxPrompts}, "yes": {Enum: strings.Split(Keys, ""), Default: "1"}, "no": {Enum: strings.Split(Keys, ""), Default: "2"},
	}},
	reflect.TypeFor[FlowKey]():    {Required: []string{"key"}, Just: [][]string{{"next", "back"}}, Fields: map[string]strict.Bounds{"key": {Enum: strings.Split(Keys, "")}}},
	reflect.TypeFor[SurveyNode](): {Fields: map[string]strict.Bounds{"scale": {Least: 2, Most: MaxScale}}},
	reflect.TypeFor[Rating](): {Required: []string{"key", "name"}, Fields: map[string]strict.Bounds{
		"key": {Enum: strings.Split("0123456789*#", "")}, "name": {MaxLength: 32},
	}},
	reflect.TypeFor[BranchNode](): {Required: []string{"cases"}, Fields: map[string]strict.Bounds{"cases": {Least: 1, Most: MaxBranches}}},
	reflect.TypeFor[When]():       {Required: []string{"if", "next"}, Fields: map[string]strict.Bounds{"if": {MaxLength: maxCondition}}},
	reflect.TypeFor[SetNode]():    {Required: []string{"values"}, Fields: map[string]strict.Bounds{"values": {Least: 1, Most: MaxSets}}},
	reflect.TypeFor[Assign](): {Required: []string{"variable"}, Fields: map[string]strict.Bounds{
		"variable": variableBounds, "text": {MaxLength: MaxValue}, "from": variableBounds,
	}},
	reflect.TypeFor[LookupNode](): {Required: []string{"url"}, Fields: map[string]strict.Bounds{
		"method": {Enum: []string{"GET", "POST"}, Default: "GET"}, "url": {MaxLength: maxURL}, "timeout": {Default: DefaultLookup.String()},
		"results": {Most: MaxResults}, "comfort": {Most: MaxPrompts},
	}},
	reflect.TypeFor[Header](): {Required: []string{"name"}, Just: [][]string{{"text", "secret"}}, Fields: map[string]strict.Bounds{"name": {Pattern: headerName.String()}}},
	reflect.TypeFor[Member](): {Required: []string{"name"}, Fields: map[string]strict.Bounds{"name": {Pattern: memberName.String()}, "from": variableBounds}},
	reflect.TypeFor[Result](): {Required: []string{"variable", "field"}, Fields: map[string]strict.Bounds{"variable": variableBounds, "field": {Pattern: fieldPath.String()}}},
	reflect.TypeFor[TransferNode](): {Just: [][]string{{"number", "agent"}}, Fields: map[string]strict.Bounds{
		"number": {Pattern: dialledForm.String()}, "agent": variableBounds, "timeout": {Default: DefaultTransferTimeout.String()},
	}},
	reflect.TypeFor[SceneNode]():    {Required: []string{"key"}, Fields: map[string]strict.Bounds{"holds": {Most: maxHolds}}},
	reflect.TypeFor[SubflowNode]():  {Required: []string{"flow"}},
	reflect.TypeFor[Outgoing]():     {Required: []string{"on", "next"}, Fields: map[string]strict.Bounds{"on": {Pattern: flowName.String()}}},
	reflect.TypeFor[ReturnNode]():   {Fields: map[string]strict.Bounds{"result": {Pattern: flowName.String()}}},
	reflect.TypeFor[CalendarNode](): {Required: []string{"cases"}, Fields: map[string]strict.Bounds{"cases": {Least: 1, Most: MaxBranches}}},
	reflect.TypeFor[Occasion](): {Required: []string{"next"}, Fields: map[string]strict.Bounds{
		"dates": {Most: MaxDates}, "from": {Pattern: clockForm.String()}, "to": {Pattern: clockForm.String()},
	}},
	reflect.TypeFor[Festival]():     {Required: []string{"id", "dates"}, Fields: map[string]strict.Bounds{"id": {Pattern: flowName.String()}, "dates": {Least: 1, Most: MaxDates}}},
	reflect.TypeFor[LanguageNode](): {Just: [][]string{{"speak", "from"}}, Fields: map[string]strict.Bounds{"speak": {Enum: Spoken()}, "from": variableBounds}},
	reflect.TypeFor[Wording]():      {Required: []string{"language", "text"}, Fields: map[string]strict.Bounds{"language": {Enum: Spoken()}, "text": {MaxLength: MaxText}}},
	reflect.TypeFor[HoursNode]():    {Required: []string{"table"}},
	reflect.TypeFor[MatchNode]():    {Required: []string{"variable", "cases"}, Fields: map[string]strict.Bounds{"variable": variableBounds, "cases": {Least: 1}}},
	reflect.TypeFor[Case]():         {Required: []string{"next"}},
	reflect.TypeFor[EnqueueNode](): {Required: []string{"queue"}, Fields: map[string]strict.Bounds{
		"rules": {Most: maxRules}, "prefer": variableBounds, "level": variableBounds,
	}},
	reflect.TypeFor[ThreeWayNode](): {Required: []string{"number"}, Fields: map[string]strict.Bounds{"number": {Pattern: dialledForm.String()}}},
	reflect.TypeFor[Rule](): {Required: []string{"variable"}, Fields: map[string]strict.Bounds{
		"variable": variableBounds, "priority": {Min: bound(-MaxPriority), Max: bound(MaxPriority)},
	}},
	reflect.TypeFor[Branch]():   {Required: []string{"on", "next"}, Fields: map[string]strict.Bounds{"on": {Enum: texts(branches)}}},
	reflect.TypeFor[Announce](): {Required: []string{"every"}},
	reflect.TypeFor[DoNode](): {Required: []string{"verb"}, Fields: map[string]strict.Bounds{
		"verb": {Enum: verbs()}, "attempts": {Min: bound(0), Max: bound(MaxRetries)},
	}},
	reflect.TypeFor[DoArg]():        {Required: []string{"name"}, Just: [][]string{{"from", "value"}}, Scalar: "from", Fields: map[string]strict.Bounds{"from": variableBounds}},
	reflect.TypeFor[Owed]():         {Fields: map[string]strict.Bounds{"agent": variableBounds, "reason": {MaxLength: MaxText}}},
	reflect.TypeFor[CallbackNode](): {Fields: map[string]strict.Bounds{"number": variableBounds}},
	reflect.TypeFor[MessageNode](): {Fields: map[string]strict.Bounds{
		"terminator": {Enum: terminators, Default: DefaultEnter}, "retries": {Min: bound(0), Max: bound(MaxRetries), Default: defaultShortRetries},
		"longest": {Default: DefaultLongest.String()}, "briefly": {Default: DefaultBriefly.String()}, "quiet": {Default: DefaultQuiet.String()},
		"prompts": {Most: MaxPrompts},
	}},
	reflect.TypeFor[HangupNode](): {Fields: map[string]strict.Bounds{"cause": {Min: bound(0), Max: bound(127), Default: 16}}},
}

var variableBounds = strict.Bounds{Pattern: varName.String()}

// promptKinds are the keys of a prompt of which exactly one says what is heard.
var promptKinds = []string{"text", "file", "phrase", "sound", "silence", "digits", "take"}

func verbs() []string {
	var all []string
	for _, v := range Verbs {
		all = append(all, string(v.Verb))
	}
	return all
}

func texts[T ~string](all []T) []string {
	words := make([]string, len(all))
	for i, one := range all {
		words[i] = string(one)
	}
	return words
}
