package ari

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestReadAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		status int
		body   string
		again  bool
	}{
		"no content":         {"HTTP/1.1 204 No Content\r\nServer: Asterisk\r\nContent-Length: 0\r\n\r\n", 204, "", true},
		"with a body":        {"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nContent-Type: application/json\r\n\r\n{}", 200, "{}", true},
		"without a reason":   {"HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n", 404, "", true},
		"in chunks":          {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 200, "{}", true},
		"the last one":       {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", 200, "{}", false},
		"to the end":         {"HTTP/1.1 200 OK\r\n\r\n{}", 200, "{}", false},
		"of an older server": {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, "{}", false},
	} {
		in := bufio.NewReader(strings.NewReader(c.text))
		a, again, err := readAnswer(in, http.MethodPost)
		if err != nil || a.status != c.status || string(a.body) != c.body || again != c.again {
			t.Errorf("%s: status %d, body %q, again %v, %v", name, a.status, a.body, again, err)
		}
		if c.again && in.Buffered() > 0 {
			t.Errorf("%s: %d bytes are left", name, in.Buffered())
		}
	}
	for name, text := range map[string]string{
		"nothing":               "",
		"half a head":           "HTTP/1.1 200 OK\r\nContent-",
		"half a body":           "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}",
		"no HTTP":               "SIP/2.0 200 OK\r\n\r\n",
		"two lengths":           "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}.",
		"a length below 0":      "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n",
		"a line without colon":  "HTTP/1.1 200 OK\r\nContent-Length\r\n\r\n",
		"more than is borne":    "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
		"a status of one digit": "HTTP/1.1 2 OK\r\n\r\n",
	} {
		if a, _, err := readAnswer(bufio.NewReader(strings.NewReader(text)), http.MethodPost); err == nil {
			t.Errorf("%s is read as %+v", name, a)
		}
	}
}

// FuzzReadAnswer: what is read here is what net/http reads.
func FuzzReadAnswer(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"))
	f.Add([]byte("HTTP/1.1 204 No Content\r\nServer: Asterisk\r\n\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		a, again, err := readAnswer(bufio.NewReader(bytes.NewReader(text)), http.MethodPost)
		if err != nil {
			return
		}
		resp, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(text)), &http.Request{Method: http.MethodPost})
		if err != nil {
			t.Fatalf("net/http refuses what is read as %+v: %v", a, err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != a.status || !bytes.Equal(body, a.body) || again && resp.Close {
			t.Errorf("net/http reads status %d, body %q, close %v, %v; here it is %+v, again %v", resp.StatusCode, body, resp.Close, err, a, again)
		}
	})
}
