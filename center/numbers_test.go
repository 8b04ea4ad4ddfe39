package center

import "testing"

func TestNumbersAreNormalised(t *testing.T) {
	for _, c := range []struct {
		country, number, e164, shown string
		mobile                       bool
	}{
		// Mobiles of China, however the carrier writes them.
		{"CN", "13800138000", "+8613800138000", "13800138000", true},
		{"CN", "013800138000", "+8613800138000", "13800138000", true},
		{"CN", "+8613800138000", "+8613800138000", "13800138000", true},
		{"CN", "8613800138000", "+8613800138000", "13800138000", true},
		{"CN", "008613800138000", "+8613800138000", "13800138000", true},
		{"CN", "+86 138-0013-8000", "+8613800138000", "13800138000", true},
		{"CN", " 19912345678 ", "+8619912345678", "19912345678", true},
		{"CN", "12800138000", "", "12800138000", false},
		{"CN", "1380013800", "", "1380013800", false},
		// Fixed lines, with the area they need.
		{"CN", "01012345678", "+861012345678", "01012345678", false},
		{"CN", "+861012345678", "+861012345678", "01012345678", false},
		{"CN", "+86 (0)10 1234 5678", "+861012345678", "01012345678", false},
		{"CN", "861012345678", "+861012345678", "01012345678", false},
		{"CN", "02155550000", "+862155550000", "02155550000", false},
		{"CN", "0755-2345678", "+867552345678", "07552345678", false},
		{"CN", "075523456789", "+8675523456789", "075523456789", false},
		{"CN", "55550000", "", "55550000", false}, // whose area?
		{"CN", "010123456", "", "010123456", false},
		// Short codes and service numbers are their own.
		{"CN", "110", "", "110", false},
		{"CN", "10086", "", "10086", false},
		{"CN", "95588", "", "95588", false},
		{"CN", "4008001234", "", "4008001234", false},
		// Abroad.
		{"CN", "0085291234567", "+85291234567", "+85291234567", false},
		{"CN", "+1 212 555 0100", "+12125550100", "+12125550100", false},
		{"CN", "+12", "", "+12", false},
		{"CN", "+1234567890123456", "", "+1234567890123456", false},
		{"HK", "91234567", "+85291234567", "91234567", true},
		{"HK", "+852 2345 6789", "+85223456789", "23456789", false},
		{"HK", "+8613800138000", "+8613800138000", "+8613800138000", false},
		{"MO", "66123456", "+85366123456", "66123456", true},
		{"MO", "28123456", "+85328123456", "28123456", false},
		{"TW", "0912345678", "+886912345678", "0912345678", true},
		{"TW", "+886212345678", "+886212345678", "0212345678", false},
		// Withheld, by any word for it.
		{"CN", "", "", "", false},
		{"CN", "Anonymous", "", "", false},
		{"CN", "restricted", "", "", false},
		{"", "anonymous", "", "", false},
		// No number, and no country.
		{"CN", "alice", "", "alice", false},
		{"CN", "138+0013", "", "138+0013", false},
		{"CN", "*11", "", "*11", false},
		{"XX", "+8613800138000", "", "+8613800138000", false},
		{"", "8613800138000", "", "8613800138000", false},
	} {
		e164, shown, mobile := Normalise(c.country, c.number)
		if e164 != c.e164 || shown != c.shown || mobile != c.mobile {
			t.Errorf("%s %q: %q, shown %q, mobile %v; want %q, %q, %v", c.country, c.number, e164, shown, mobile, c.e164, c.shown, c.mobile)
		}
		// What is shown is made out as the same number again.
		if again, shownAgain, _ := Normalise(c.country, shown); again != e164 || shownAgain != shown {
			t.Errorf("%s %q is shown as %q, which is %q, shown as %q", c.country, c.number, shown, again, shownAgain)
		}
	}
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"+8613800138000", "00 86", "+", "0", "anonymous", "\xff1", "１３８００１３８０００"} {
		f.Add("CN", s)
	}
	f.Fuzz(func(t *testing.T, country, number string) {
		e164, shown, _ := Normalise(country, number)
		if len(e164) > 16 || len(shown) > len(number)+4 {
			t.Errorf("%q %q: %q, shown %q", country, number, e164, shown)
		}
	})
}
