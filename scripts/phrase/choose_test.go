package phrase

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func at(clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", "2026-03-05 "+clock)
	if err != nil {
		panic(err)
	}
	return t
}

// keys are what is said, with the condition that each needs.
func keysOf(all []Choice) string {
	var keys []string
	for _, c := range all {
		key := c.Phrase.Key
		if c.When != "" {
			key += "/" + c.When
		}
		keys = append(keys, key)
	}
	return strings.Join(keys, " ")
}

func TestOpenings(t *testing.T) {
	yes := true
	for _, c := range []struct {
		profile string
		set     Manner
		facts   Facts
		want    string
	}{
		{"cable", Manner{}, Facts{}, "greeting.opening/not_festival"},
		{"cable", Manner{}, Facts{Festival: true}, "greeting.festival/festival"},
		{"cable", Manner{}, Facts{Queued: time.Minute}, "greeting.opening/not_festival"},
		{"cable", Manner{}, Facts{Queued: time.Minute + 1, Festival: true}, "waited_long.apologize/long_queue_wait"},
		{"cable", Manner{LongWait: 30 * time.Second}, Facts{Queued: 31 * time.Second}, "waited_long.apologize/long_queue_wait"},
		{"cable", Manner{}, Facts{Trainee: true, At: at("09:00")}, "greeting.opening/not_festival"},
		{"cable", Manner{DayGreeting: &yes}, Facts{At: at("09:00")}, "greeting_daypart.morning/before_noon greeting.opening/not_festival"},
		{"cable", Manner{DayGreeting: &yes}, Facts{At: at("04:59")}, "greeting_daypart.evening/evening greeting.opening/not_festival"},
		{"cable", Manner{DayGreeting: &yes, Day: Day{"04:00", "11:00", "17:00"}}, Facts{At: at("11:00")}, "greeting_daypart.afternoon/afternoon greeting.opening/not_festival"},
		{"cable", Manner{DayGreeting: &yes}, Facts{}, "greeting.opening/not_festival"}, // nobody knows the time
		{"gov12345", Manner{}, Facts{Festival: true, Queued: time.Hour}, "greeting.opening/not_trainee"},
		{"gov12345", Manner{}, Facts{Trainee: true}, "greeting.trainee/trainee"},
		{"gov12345", Manner{DayGreeting: &yes}, Facts{At: at("09:00"), Told: []string{"citizen_greets_first"}}, "greeting.opening/not_trainee greeting.greet_back/citizen_greets_first"},
		{"cm10086", Manner{}, Facts{}, "outbound_open.greet outbound_open.confirm_owner outbound_open.purpose"},
		{"cm10086", Manner{}, Facts{FirstContact: true}, "outbound_open.greet outbound_open.confirm_owner outbound_open.actual_user/first_contact outbound_open.purpose"},
	} {
		c.set.Profile = c.profile
		all, err := shipped(t).Book(Settings{Manner: c.set}).Opening(Scope{}, c.facts)
		if got := keysOf(all); err != nil || got != c.want {
			t.Errorf("%s %+v: %s, %v\nwant %s", c.profile, c.facts, got, err, c.want)
		}
	}
}

func TestATraineeMayAskAsWell(t *testing.T) {
	yes := true
	b := shipped(t).Book(Settings{Manner: Manner{Profile: "gov12345", TraineeQuestion: &yes}})
	all, err := b.Opening(Scope{}, Facts{Trainee: true})
	if err != nil || len(all) != 1 || all[0].Template != "您好,实习生为您服务,请问有什么可以帮到您?" {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestScenes(t *testing.T) {
	for _, c := range []struct {
		profile, language, scene string
		facts                    Facts
		want                     string
	}{
		{"cm10086", "", "greeting_words", Facts{At: at("11:59")}, "greeting_words.morning/before_noon"},
		{"cm10086", "", "greeting_words", Facts{At: at("00:00")}, "greeting_words.morning/before_noon"},
		{"cm10086", "", "greeting_words", Facts{At: at("12:00")}, "greeting_words.afternoon/afternoon"},
		{"cm10086", "", "greeting_words", Facts{At: at("18:00")}, "greeting_words.evening/evening"},
		{"cm10086", "", "greeting_words", Facts{}, "greeting_words.hello"},
		{"cm10086", "en", "greeting_words", Facts{}, "greeting_words.english"},
		{"cm10086", "", "blessing", Facts{}, ""},
		{"cm10086", "", "blessing", Facts{Birthday: true, Festival: true}, "blessing.birthday/birthday"},
		{"cm10086", "", "blessing", Facts{Birthday: true, Festival: true, Turn: 1}, "blessing.festival/festival"},
		{"cm10086", "en", "blessing", Facts{Birthday: true}, "blessing.birthday/birthday"},
		{"cm10086", "en", "closing", Facts{}, "closing.thanks_1"}, // there is no English
		{"gov12345", "", "praise", Facts{}, "praise.reply_1"},
		{"gov12345", "", "praise", Facts{Turn: 2}, "praise.reply_3"},
		{"gov12345", "", "praise", Facts{Turn: 4, Told: []string{"praised_further"}}, "praise.reply_2 praise.further/praised_further"},
		{"gov12345", "", "wait", Facts{Hold: 30 * time.Second}, "wait.before wait.after_1 wait.online_1/short_wait_10_30s"},
		{"gov12345", "", "wait", Facts{Hold: 31 * time.Second}, "wait.before wait.after_1 wait.before_music/long_wait"},
		{"gov12345", "", "wait", Facts{Held: 31 * time.Second}, "wait.before wait.after_1 wait.resume_music/long_wait_done"},
		{"gov12345", "", "system_fault", Facts{Held: 2 * time.Minute}, ""},
		{"gov12345", "", "system_fault", Facts{Held: 2*time.Minute + 1}, "system_fault.after_2min/on_unmute_if_wait_over_120s"},
		{"gov12345", "", "poor_signal", Facts{Terminal: "mobile"}, "poor_signal.confirm_1 poor_signal.mobile/mobile_terminal"},
		{"gov12345", "", "poor_signal", Facts{Terminal: "fixed", Turn: 2}, "poor_signal.repeat_please poor_signal.fixed/fixed_terminal"},
		{"cable", "", "silent_call", Facts{}, "silent_call.check_1"},
		{"cable", "", "silent_call", Facts{Told: []string{"still_silent"}}, "silent_call.check_1 silent_call.goodbye/still_silent"},
	} {
		b := shipped(t).Book(Settings{Manner: Manner{Profile: c.profile}})
		all, err := b.Say(Scope{Language: c.language}, c.scene, c.facts)
		if got := keysOf(all); err != nil || got != c.want {
			t.Errorf("%s %s %+v: %s, %v\nwant %s", c.profile, c.scene, c.facts, got, err, c.want)
		}
	}
	b := shipped(t).Book(Settings{Manner: Manner{Profile: "cable"}})
	if _, err := b.Say(Scope{}, "greting", Facts{}); !errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), `did you mean "greeting"?`) {
		t.Error(err)
	}
	for _, told := range []func(Scope, Facts) ([]Choice, error){b.Opening, func(s Scope, f Facts) ([]Choice, error) { return b.Say(s, "greeting", f) }} {
		if _, err := told(Scope{}, Facts{Told: []string{"still_slient"}}); !errors.Is(err, ErrValue) || !strings.Contains(err.Error(), `did you mean "still_silent"?`) {
			t.Error(err)
		}
	}
	// What a condition needs is told by events and agents, not by rules.
	if all, err := b.Say(Scope{}, "greeting", Facts{Told: []string{"festival"}}); err != nil || keysOf(all) != "greeting.opening/not_festival" {
		t.Errorf("%s, %v", keysOf(all), err)
	}
}

func TestTraineesAreSoForThreeMonths(t *testing.T) {
	day := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		since, today string
		want         bool
	}{
		{"2026-01-15", "2026-04-14", true}, {"2026-01-15", "2026-04-15", false},
		{"2026-11-30", "2027-02-27", true}, {"2026-11-30", "2027-02-28", false}, // February has no 30th
		{"2026-05-31", "2026-08-30", true}, {"2026-05-31", "2026-08-31", false},
		{"2026-12-31", "2027-03-30", true}, {"2026-12-31", "2027-03-31", false},
	} {
		if got := Trainee(day(c.since), day(c.today)); got != c.want {
			t.Errorf("independent since %s, a trainee on %s: %v", c.since, c.today, got)
		}
	}
	if Trainee(time.Time{}, day("2026-01-01")) {
		t.Error("who is independent since nobody knows when is no trainee")
	}
}
