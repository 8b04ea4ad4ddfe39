package say

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// reading is what something reads in both languages; an empty one is not asked.
type reading struct{ of, zh, en string }

func check(t *testing.T, of string, say func(Language) (string, error), want reading) {
	t.Helper()
	for l, want := range map[Language]string{Mandarin: want.zh, English: want.en} {
		if want == "" {
			continue
		}
		if got, err := say(l); err != nil || got != want {
			t.Errorf("%s in %s is %q, %v; want %q", of, l, got, err, want)
		}
	}
}

func TestIntegers(t *testing.T) {
	for n, want := range map[int64]reading{
		0:                     {zh: "零", en: "zero"},
		2:                     {zh: "二", en: "two"},
		10:                    {zh: "十", en: "ten"},
		11:                    {zh: "十一", en: "eleven"},
		20:                    {zh: "二十", en: "twenty"},
		22:                    {zh: "二十二", en: "twenty-two"},
		100:                   {zh: "一百", en: "one hundred"},
		101:                   {zh: "一百零一", en: "one hundred and one"},
		110:                   {zh: "一百一十", en: "one hundred and ten"},
		112:                   {zh: "一百一十二"},
		200:                   {zh: "两百", en: "two hundred"},
		222:                   {zh: "两百二十二", en: "two hundred and twenty-two"},
		1000:                  {zh: "一千", en: "one thousand"},
		1001:                  {zh: "一千零一", en: "one thousand and one"},
		1010:                  {zh: "一千零一十"},
		1100:                  {zh: "一千一百", en: "one thousand one hundred"},
		2002:                  {zh: "两千零二"},
		2200:                  {zh: "两千二百"},
		2222:                  {zh: "两千二百二十二"},
		10000:                 {zh: "一万", en: "ten thousand"},
		10001:                 {zh: "一万零一"},
		10010:                 {zh: "一万零一十"},
		10100:                 {zh: "一万零一百"},
		11000:                 {zh: "一万一千"},
		12345:                 {zh: "一万两千三百四十五", en: "twelve thousand three hundred and forty-five"},
		20000:                 {zh: "两万"},
		22222:                 {zh: "两万两千二百二十二"},
		100000:                {zh: "十万"},
		100010:                {zh: "十万零一十"},
		105000:                {zh: "十万五千"},
		120000:                {zh: "十二万"},
		200000:                {zh: "二十万"},
		1100000:               {zh: "一百一十万"},
		2000000:               {zh: "两百万", en: "two million"},
		10000000:              {zh: "一千万"},
		100000000:             {zh: "一亿"},
		100000001:             {zh: "一亿零一"},
		100001000:             {zh: "一亿零一千"},
		100010000:             {zh: "一亿零一万"},
		110000000:             {zh: "一亿一千万"},
		200000000:             {zh: "两亿"},
		220000000:             {zh: "两亿两千万"},
		1000000000:            {zh: "十亿", en: "one billion"},
		1200020002:            {zh: "十二亿零两万零二"},
		1000000000000:         {zh: "一万亿", en: "one trillion"},
		1000200000000:         {zh: "一万零二亿"},
		MaxInteger:            {zh: "九千九百九十九万九千九百九十九亿九千九百九十九万九千九百九十九"},
		-5:                    {zh: "负五", en: "minus five"},
		-1_000_000_000_000_00: {zh: "负一百万亿"},
	} {
		check(t, "integer", func(l Language) (string, error) { return Integer(l, n) }, want)
	}
	for n, want := range map[int64]reading{
		0: {zh: "零"}, 2: {zh: "两", en: "two"}, 12: {zh: "十二"}, 20: {zh: "二十"}, 102: {zh: "一百零二"}, 200: {zh: "两百"}, -2: {zh: "负两"},
	} {
		check(t, "count", func(l Language) (string, error) { return Count(l, n) }, want)
	}
}

func TestWhatIsWritten(t *testing.T) {
	for name, kind := range map[string]struct {
		say  func(Language, string) (string, error)
		want []reading
	}{
		"decimal": {Decimal, []reading{
			{"0.5", "零点五", "zero point five"},
			{"2.5", "二点五", "two point five"},
			{"3.140", "三点一四零", "three point one four zero"},
			{"-12.05", "负十二点零五", "minus twelve point zero five"},
			{"2000", "两千", "two thousand"},
			{"-0.00", "零点零零", "zero point zero zero"},
			{"007", "七", "seven"},
		}},
		"percent": {Percent, []reading{
			{"12.5", "百分之十二点五", "twelve point five percent"},
			{"100", "百分之百", "one hundred percent"},
			{"2", "百分之二", "two percent"},
			{"0", "百分之零", "zero percent"},
			{"-3", "负百分之三", "minus three percent"},
			{"200", "百分之两百", "two hundred percent"},
		}},
		"phone": {Phone, []reading{
			{"13800138000", "幺三八，零零幺三，八零零零", "one three eight, zero zero one three, eight zero zero zero"},
			{"10086", "幺零零八六", "one zero zero eight six"},
			{"12345", "幺二三四五", ""},
			{"110", "幺幺零", ""},
			{"966109", "九六六幺零九", ""},
			{"02155550000", "零二幺，五五五五，零零零零", ""},
			{"05718888123", "零五七幺，八八八，八幺二三", ""},
			{"4008208820", "四零零，八二零，八八二零", ""},
			{"55550000", "五五五五，零零零零", ""},
			{"+8613800138000", "加八六，幺三八，零零幺三，八零零零", "plus eight six, one three eight, zero zero one three, eight zero zero zero"},
			{"+44 20 7946 0000", "加四四，二零，七九四六，零零零零", ""},
			{"021-5555-0000", "零二幺，五五五五，零零零零", ""},
		}},
		"agent number": {AgentNumber, []reading{
			{"1001", "幺零零幺", "one zero zero one"},
			{"8", "八", "eight"},
			{"a12", "A 幺二", "A one two"},
		}},
		"order number": {OrderNumber, []reading{
			{"20260305017", "二零二，六零三零，五零幺七", "two zero two, six zero three zero, five zero one seven"},
			{"123456", "幺二三四五六", ""},
			{"GD-2026-117", "G D，二零二六，幺幺七", "G D, two zero two six, one one seven"},
			{"AB12CD", "A B 幺二 C D", "A B one two C D"},
		}},
	} {
		for _, want := range kind.want {
			check(t, name+" "+want.of, func(l Language) (string, error) { return kind.say(l, want.of) }, want)
		}
	}
}

func TestMoney(t *testing.T) {
	for fen, want := range map[int64]reading{
		0:          {zh: "零元", en: "zero yuan"},
		1:          {zh: "一分", en: "one fen"},
		2:          {zh: "两分"},
		20:         {zh: "两角", en: "twenty fen"},
		50:         {zh: "五角"},
		200:        {zh: "两元", en: "two yuan"},
		1200:       {zh: "十二元"},
		1204:       {zh: "十二元零四分", en: "twelve yuan and four fen"},
		1230:       {zh: "十二元三角"},
		1234:       {zh: "十二元三角四分", en: "twelve yuan and thirty-four fen"},
		-550:       {zh: "负五元五角", en: "minus five yuan and fifty fen"},
		2000000:    {zh: "两万元"},
		10000_0005: {zh: "一百万元零五分"},
	} {
		check(t, "money", func(l Language) (string, error) { return Money(l, fen) }, want)
	}
}

func TestDatesTimesAndSpans(t *testing.T) {
	at := func(text string) time.Time {
		m, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for text, want := range map[string]reading{
		"2026-03-05 00:00": {zh: "二零二六年三月五日", en: "March fifth, twenty twenty-six"},
		"2000-12-31 00:00": {zh: "二零零零年十二月三十一日", en: "December thirty-first, two thousand"},
		"2005-10-10 00:00": {zh: "二零零五年十月十日", en: "October tenth, two thousand and five"},
		"1905-02-20 00:00": {zh: "一九零五年二月二十日", en: "February twentieth, nineteen oh five"},
		"1900-01-22 00:00": {zh: "一九零零年一月二十二日", en: "January twenty-second, nineteen hundred"},
		"2111-01-13 00:00": {zh: "二一一一年一月十三日", en: "January thirteenth, twenty-one eleven"},
	} {
		check(t, text, func(l Language) (string, error) { return Date(l, at(text)) }, want)
	}
	for text, want := range map[string]reading{
		"00:00": {zh: "凌晨零点", en: "midnight"},
		"00:30": {zh: "凌晨零点半", en: "twelve thirty a.m."},
		"02:00": {zh: "凌晨两点", en: "two a.m."},
		"06:10": {zh: "早上六点十分", en: "six ten a.m."},
		"08:05": {zh: "上午八点零五分", en: "eight oh five a.m."},
		"11:59": {zh: "上午十一点五十九分", en: "eleven fifty-nine a.m."},
		"12:00": {zh: "中午十二点", en: "noon"},
		"12:02": {zh: "中午十二点零二分", en: "twelve oh two p.m."},
		"13:00": {zh: "下午一点"},
		"14:00": {zh: "下午两点", en: "two p.m."},
		"14:30": {zh: "下午两点半", en: "two thirty p.m."},
		"14:20": {zh: "下午两点二十分"},
		"18:00": {zh: "晚上六点"},
		"22:15": {zh: "晚上十点十五分", en: "ten fifteen p.m."},
	} {
		check(t, text, func(l Language) (string, error) { return Time(l, at("2026-03-05 "+text)) }, want)
	}
	check(t, "moment", func(l Language) (string, error) { return Moment(l, at("2026-03-05 14:30")) },
		reading{zh: "三月五日下午两点半", en: "March fifth, two thirty p.m."})
	check(t, "day", func(l Language) (string, error) { return Day(l, at("2026-12-02 14:30")) }, reading{zh: "十二月二日", en: "December second"})
	check(t, "weekday", func(l Language) (string, error) { return Weekday(l, at("2026-03-05 14:30")) }, reading{zh: "星期四", en: "Thursday"})
	check(t, "weekday", func(l Language) (string, error) { return Weekday(l, at("2026-03-08 14:30")) }, reading{zh: "星期日", en: "Sunday"})
	for d, want := range map[time.Duration]reading{
		0:                                   {zh: "零秒", en: "zero seconds"},
		2 * time.Second:                     {zh: "两秒", en: "two seconds"},
		time.Minute:                         {zh: "一分钟", en: "one minute"},
		2*time.Hour + 30*time.Minute:        {zh: "两小时三十分钟", en: "two hours thirty minutes"},
		24 * time.Hour:                      {zh: "一天", en: "one day"},
		49*time.Hour + 1*time.Second:        {zh: "两天一小时一秒", en: "two days one hour one second"},
		90*time.Second + 9*time.Millisecond: {zh: "一分钟三十秒", en: "one minute thirty seconds"},
	} {
		check(t, d.String(), func(l Language) (string, error) { return Span(l, d) }, want)
	}
}

func TestWhatCannotBeSaid(t *testing.T) {
	in := func(f func(Language, string) (string, error), text string) func() (string, error) {
		return func() (string, error) { return f(Mandarin, text) }
	}
	for name, c := range map[string]struct {
		say  func() (string, error)
		want error
	}{
		"too large":            {func() (string, error) { return Integer(Mandarin, MaxInteger+1) }, ErrRange},
		"too small":            {func() (string, error) { return Count(English, -MaxInteger-1) }, ErrRange},
		"too rich":             {func() (string, error) { return Money(Mandarin, MaxInteger+1) }, ErrRange},
		"another language":     {func() (string, error) { return Integer("fr", 1) }, ErrLanguage},
		"no language":          {func() (string, error) { return Span("", 1) }, ErrLanguage},
		"nothing":              {in(Decimal, ""), ErrForm},
		"two points":           {in(Decimal, "1.2.3"), ErrForm},
		"no digit behind":      {in(Decimal, "1."), ErrForm},
		"no digit before":      {in(Decimal, ".5"), ErrForm},
		"plus":                 {in(Decimal, "+5"), ErrForm},
		"other digits":         {in(Decimal, "１２"), ErrForm},
		"too long":             {in(Decimal, strings.Repeat("9", 17)), ErrRange},
		"longer than a number": {in(Decimal, strings.Repeat("9", 99)), ErrRange},
		"too fine":             {in(Decimal, "0.0123456789"), ErrRange},
		"a percent sign":       {in(Percent, "5%"), ErrForm},
		"no number":            {in(Phone, ""), ErrForm},
		"plus alone":           {in(Phone, "+"), ErrForm},
		"letters":              {in(Phone, "138x"), ErrForm},
		"two hyphens":          {in(Phone, "021--5555"), ErrForm},
		"a hyphen last":        {in(Phone, "021-"), ErrForm},
		"long phone":           {in(Phone, strings.Repeat("1", MaxPhone+1)), ErrRange},
		"no agent":             {in(AgentNumber, ""), ErrForm},
		"agent with a space":   {in(AgentNumber, "10 01"), ErrForm},
		"Chinese agent":        {in(AgentNumber, "一号"), ErrForm},
		"long order":           {in(OrderNumber, strings.Repeat("1", MaxDigits+1)), ErrRange},
		"order with a slash":   {in(OrderNumber, "1/2"), ErrForm},
		"early year":           {func() (string, error) { return Date(Mandarin, time.Date(999, 1, 1, 0, 0, 0, 0, time.UTC)) }, ErrRange},
		"late year":            {func() (string, error) { return Date(English, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)) }, ErrRange},
		"before it began":      {func() (string, error) { return Span(Mandarin, -1) }, ErrRange},
		"too long a time":      {func() (string, error) { return Span(Mandarin, MaxSpan+1) }, ErrRange},
	} {
		if got, err := c.say(); !errors.Is(err, c.want) || got != "" {
			t.Errorf("%s: %q, %v; want %v", name, got, err, c.want)
		}
	}
}
