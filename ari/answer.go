package ari

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// answer is what came of a request.
type answer struct {
	status int
	body   []byte
}

// readAnswer reads one answer; again says that the connection stays open for
// another. The plain ones, which are all that Asterisk gives, are read here:
// net/http makes a dozen things of each. All others are left to it.
func readAnswer(in *bufio.Reader, method string) (a answer, again bool, err error) {
	if _, err := in.Peek(1); err != nil {
		return a, false, err
	}
	came, _ := in.Peek(in.Buffered())
	if head, _, whole := bytes.Cut(came, []byte("\r\n\r\n")); whole {
		if status, length, plain := plainHead(head); plain {
			_, _ = in.Discard(len(head) + 4) // it is buffered
			a.status = status
			if length > 0 {
				a.body = make([]byte, length)
				_, err = io.ReadFull(in, a.body)
			}
			return a, true, err
		}
	}
	resp, err := http.ReadResponse(in, &http.Request{Method: method})
	if err != nil {
		return a, false, err
	}
	defer resp.Body.Close()
	a.status = resp.StatusCode
	a.body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err == nil && len(a.body) > maxAnswer {
		err = fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
	}
	return a, !resp.Close, err
}

// plainHead reads the head of an answer that has a length and leaves the
// connection open; plain is false for any other.
func plainHead(head []byte) (status, length int, plain bool) {
	first, rest, _ := bytes.Cut(head, []byte("\r\n"))
	words, ok := bytes.CutPrefix(first, []byte("HTTP/1.1 "))
	if !ok || len(words) < 4 || words[3] != ' ' {
		return 0, 0, false
	}
	status, ok = digits(words[:3])
	if !ok || status < 200 || status == http.StatusNotModified {
		return 0, 0, false
	}
	length = -1
	said := false
	if status == http.StatusNoContent {
		length = 0
	}
	for line := range bytes.SplitSeq(rest, []byte("\r\n")) {
		name, value, ok := bytes.Cut(line, []byte(": "))
		switch {
		case len(line) == 0 && len(rest) == 0:
		case !ok || !plainWord(name) || !plainText(value):
			return 0, 0, false
		case equal(name, "Transfer-Encoding"), equal(name, "Connection") && !equal(value, "keep-alive"):
			return 0, 0, false
		case equal(name, "Content-Length"):
			n, ok := digits(value)
			if !ok || said || n > maxAnswer || status == http.StatusNoContent && n > 0 {
				return 0, 0, false
			}
			length, said = n, true
		}
	}
	return status, length, length >= 0
}

// digits is a number of up to nine digits.
func digits(b []byte) (n int, ok bool) {
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, len(b) > 0 && len(b) < 10
}

// plainWord says that b is a header's name of letters and hyphens.
func plainWord(b []byte) bool {
	for _, c := range b {
		if (c|0x20) < 'a' || (c|0x20) > 'z' {
			if c != '-' {
				return false
			}
		}
	}
	return len(b) > 0
}

// plainText says that b is printable ASCII, without space around it.
func plainText(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return len(b) > 0 && b[0] != ' ' && b[len(b)-1] != ' '
}

// equal compares what case does not matter in.
func equal(b []byte, word string) bool {
	return len(b) == len(word) && bytes.EqualFold(b, []byte(word))
}
