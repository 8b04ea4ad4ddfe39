package main

import (
	"bytes"
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"text/template"
	"time"

	"github.com/huawu/huawu/test/rig"
)

// hotline is the number that callers dial.
const hotline = "95001"

// agent is one of the centre's agents, with the phone on their desk.
type agent struct {
	ID, Name, Extension, Queues string
	PIN                         string
	// tone is what the phone sings when it talks, in hertz.
	tone float64
}

// centre is what the document is made of.
type centre struct {
	Number       string
	Agents       []agent
	WrapUp, Ring time.Duration // Ring 0 means huawu's own
}

//go:embed centre.yaml
var centreText string

var centreTemplate = template.Must(template.New("centre.yaml").Parse(centreText))

// document is the centre as huawu reads it.
func (c centre) document() (string, error) {
	var b bytes.Buffer
	if err := centreTemplate.Execute(&b, c); err != nil {
		return "", fmt.Errorf("write the centre: %w", err)
	}
	return b.String(), nil
}

// maxFolder is how long the path of a folder may be: Asterisk cuts the name of
// its control socket, which lies below, at about a hundred characters.
const maxFolder = 75

// folder makes the folder that keeps everything: the named one, else one of its
// own under run/, or among the temporary files where that does not do.
func folder(named, kind string) (string, error) {
	if named != "" {
		path, err := filepath.Abs(named)
		if err != nil {
			return "", fmt.Errorf("make a folder: %w", err)
		}
		if len(path) > maxFolder {
			return "", fmt.Errorf("make a folder: %s is longer than the %d characters that Asterisk can do with", path, maxFolder)
		}
		return path, os.MkdirAll(path, 0o755)
	}
	name := kind + "-" + time.Now().Format("20060102-150405")
	path, err := filepath.Abs(filepath.Join("run", name))
	if err != nil || len(path) > maxFolder-3 || os.MkdirAll(filepath.Dir(path), 0o755) != nil {
		if path, err = os.MkdirTemp("", "huawu-"+name+"-"); err != nil {
			return "", fmt.Errorf("make a folder: %w", err)
		}
		// Asterisk may run as somebody else and must read the prompts.
		return path, os.Chmod(path, 0o755)
	}
	base := path
	for n := 2; ; n++ {
		err := os.Mkdir(path, 0o755)
		if !errors.Is(err, fs.ErrExist) {
			return path, err
		}
		path = fmt.Sprintf("%s-%d", base, n)
	}
}

// house is a running house and where it keeps everything.
type house struct {
	*rig.House
	log *os.File
}

// open brings a house up in a folder and tells each step.
func open(ctx context.Context, dir string, o rig.Options, c centre, out io.Writer) (*house, error) {
	began := time.Now()
	step := func(what string) {
		fmt.Fprintf(out, "[%5.1f s] %s\n", time.Since(began).Seconds(), what)
	}
	step(fmt.Sprintf("Asterisk %s: %s", o.PBX.Program.Version, o.PBX.Program.Path))
	step("everything is kept in " + dir)
	var err error
	if o.Centre, err = c.document(); err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "huawu.log"))
	if err != nil {
		return nil, fmt.Errorf("keep the log: %w", err)
	}
	o.Dir, o.Log, o.Say = dir, log, step
	h, err := rig.Open(ctx, o)
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	step("ready: huawu at " + h.Base + ", SIP at " + h.PBX.SIP())
	return &house{House: h, log: log}, nil
}

// leave is how long huawu may take to go.
const leave = 15 * time.Second

// Close ends what still runs.
func (h *house) Close() error { return errors.Join(h.House.Close(), h.log.Close()) }

// digits is a random number of so many digits.
func digits(n int) string {
	out := make([]byte, n)
	for i := range out {
		d, err := rand.Int(rand.Reader, big.NewInt(10))
		if err != nil { // rand.Reader does not fail
			panic(err)
		}
		out[i] = '0' + byte(d.Int64())
	}
	return string(out)
}
