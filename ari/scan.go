package ari

import "encoding/json"

// scan reads JSON where it lies, from the front to the back, without making
// anything of what is not asked for: of an event of 800 bytes some 50 are. It is
// strict about what it reads and only counts the brackets of what it skips.
type scan struct {
	b      []byte
	at     int
	first  bool // nothing of the object that was opened last has been read
	failed bool // it is no JSON
	mended bool // something was of another type than wanted
}

// peek is the next byte that is no space, 0 at the end.
func (s *scan) peek() byte {
	if s.at < len(s.b) && s.b[s.at] > ' ' {
		return s.b[s.at]
	}
	return s.space()
}

func (s *scan) space() byte {
	for ; s.at < len(s.b); s.at++ {
		switch c := s.b[s.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// fail has everything end here.
func (s *scan) fail() {
	s.failed, s.at = true, len(s.b)
}

// object enters an object. Anything else is passed over and, but for null,
// noted.
func (s *scan) object() bool {
	if s.peek() != '{' {
		s.other()
		return false
	}
	s.at++
	s.first = true
	return true
}

// key is the name of the next field of the object, as it is written, and leaves
// the value to be read or skipped; ok is false at the object's end, which it
// passes.
func (s *scan) key() (name []byte, ok bool) {
	c := s.peek()
	if c == '}' {
		s.at++
		s.first = false
		return nil, false
	}
	if !s.first {
		if c != ',' {
			s.fail()
			return nil, false
		}
		s.at++
		c = s.peek()
	}
	s.first = false
	if c != '"' {
		s.fail()
		return nil, false
	}
	name, _ = s.quoted()
	if s.peek() != ':' {
		s.fail()
		return nil, false
	}
	s.at++
	return name, !s.failed
}

// quoted is what stands between the quotes that begin here; plain says that
// nothing of it is escaped.
func (s *scan) quoted() (text []byte, plain bool) {
	from := s.at + 1
	plain = true
	for at := from; at < len(s.b); at++ {
		switch s.b[at] {
		case '"':
			s.at = at + 1
			return s.b[from:at], plain
		case '\\':
			plain = false
			at++ // whatever it is, it ends nothing
		}
	}
	s.fail()
	return nil, true
}

// text reads a text.
func (s *scan) text() string {
	if s.peek() != '"' {
		s.other()
		return ""
	}
	from := s.at
	text, plain := s.quoted()
	if plain {
		return string(text)
	}
	var t string
	if json.Unmarshal(s.b[from:s.at], &t) != nil {
		s.fail()
	}
	return t
}

// literal is a text, or a value of one word as it is written.
func (s *scan) literal() string {
	if s.peek() == '"' {
		return s.text()
	}
	from := s.at
	s.skip()
	return string(s.b[from:s.at])
}

// other passes over a value of another type than wanted.
func (s *scan) other() {
	s.mended = s.mended || s.peek() != 'n'
	s.skip()
}

// skip passes over a value.
func (s *scan) skip() {
	depth := 0
	for {
		switch c := s.peek(); c {
		case '"':
			s.quoted()
		case '{', '[':
			depth++
			s.at++
		case '}', ']':
			depth--
			s.at++
		case ',', ':':
			if depth == 0 {
				s.fail() // where a value should be
				return
			}
			s.at++
		case 0:
			s.fail()
			return
		default:
			s.word()
		}
		if depth < 0 {
			s.fail()
			return
		}
		if depth == 0 || s.failed {
			return
		}
	}
}

// word passes over a number, true, false or null.
func (s *scan) word() {
	from := s.at
	for ; s.at < len(s.b); s.at++ {
		switch c := s.b[s.at]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c == '-', c == '+', c == '.', c == 'E':
		default:
			if s.at == from {
				s.fail()
			}
			return
		}
	}
}

// over says that everything was read and was JSON.
func (s *scan) over() bool { return s.peek() == 0 && s.at == len(s.b) && !s.failed }
