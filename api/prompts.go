package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/huawu/huawu/center"
	"github.com/huawu/huawu/scripts/flow"
	"github.com/huawu/huawu/scripts/phrase"
	"github.com/huawu/huawu/scripts/strict"
)

// wanted is a prompt whose audio is to be found or made.
type wanted struct {
	prompt flow.Prompt
	by     strict.Problem // who names it
	path   string
	err    error
	spare  bool // something else is heard where there is no audio
}

// collected are the prompts of a centre, each once.
type collected struct {
	book *phrase.Book
	// spare says that what is wanted from now on may be without audio.
	spare bool
	// recordings are looked for first; recording is where one lies.
	recordings []phrase.Recording
	recording  func(string) (string, error)
	files      []center.PromptFile // of phrases that are recorded
	all        []*wanted           // files and texts
	by         map[string]*wanted
	said       []said // phrases
	phrases    []PhraseAudio
	known      map[string]bool
}

// said is a phrase and what it is put together from.
type said struct {
	key      string
	language string
	pieces   []phrase.Piece
}

// free says that only the call knows words of it, which nobody can speak before.
func (s said) free() bool {
	return slices.ContainsFunc(s.pieces, func(p phrase.Piece) bool { return p.Variable != nil && !p.Variable.Kind.Pieced() })
}

// want notes a prompt; a phrase is taken apart into texts.
func (c *collected) want(p flow.Prompt, by strict.Problem) {
	key := p.Key()
	if c.known[key] {
		return
	}
	c.known[key] = true
	if p.Phrase == "" {
		c.by[key] = &wanted{prompt: p, by: by, spare: c.spare}
		c.all = append(c.all, c.by[key])
		return
	}
	e, pieces, err := pieces(c.book, p)
	if err != nil { // told by the check of the flow already
		return
	}
	told := PhraseAudio{Phrase: p.Phrase, Queue: string(p.Queue), Language: e.Language, Where: by.Field, Audio: AudioRecorded, said: said{key, e.Language, pieces}}
	path, recorded := c.recorded(p, e, pieces)
	switch {
	case recorded:
		c.files = append(c.files, center.PromptFile{Key: key, Path: path})
	case told.said.free():
		told.Audio = AudioCall
	case len(pieces) > 1 || len(pieces) == 1 && pieces[0].Variable != nil:
		told.Audio = AudioPieces
	default:
		told.Audio = AudioGenerated
	}
	for _, r := range phrase.Near(c.recordings, phrase.Recorded{Queue: p.Queue, Profile: e.Phrase.Profile, Language: e.Language, Key: p.Phrase}) {
		if r.Agent != "" {
			told.Voices = append(told.Voices, string(r.Agent))
		}
	}
	if c.phrases = append(c.phrases, told); recorded {
		return
	}
	c.said = append(c.said, told.said)
	if told.Audio == AudioCall {
		return
	}
	for _, w := range told.said.texts() {
		c.want(flow.Prompt{Text: w, Language: e.Language}, by)
	}
}

// recorded is the recording that says what a phrase says. One whose file is gone
// is as none: huawu phrase check tells.
func (c *collected) recorded(p flow.Prompt, e phrase.Effective, pieces []phrase.Piece) (string, bool) {
	if len(pieces) != 1 || pieces[0].Variable != nil {
		return "", false
	}
	of := phrase.Recorded{Queue: p.Queue, Profile: e.Phrase.Profile, Language: e.Language, Key: p.Phrase}
	r := phrase.Of(c.recordings, of, pieces[0].Text)
	if r == nil {
		return "", false
	}
	path, err := c.recording(r.File)
	return path, err == nil
}

// file is a phrase with the audio of its pieces.
func (c *collected) file(s said) (center.PromptFile, bool) {
	path := func(text string) string {
		return c.by[flow.Prompt{Text: text, Language: s.language}.Key()].path
	}
	if len(s.pieces) == 1 && s.pieces[0].Variable == nil {
		p := path(s.pieces[0].Text)
		return center.PromptFile{Key: s.key, Path: p}, p != ""
	}
	out := center.PromptFile{Key: s.key}
	for _, piece := range s.pieces {
		if v := piece.Variable; v != nil {
			out.Pieces = append(out.Pieces, center.PromptPiece{Variable: v.ID, Kind: v.Kind, Choices: piece.Choices, Language: s.language})
		} else if !s.free() {
			out.Pieces = append(out.Pieces, center.PromptPiece{Path: path(piece.Text)})
		}
	}
	return out, true
}

// noon is when phrases are recorded that say something else by the part of the
// day.
var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// pieces is what a prompt's phrase says. What follows from the part of the day
// is left to the call.
func pieces(b *phrase.Book, p flow.Prompt) (phrase.Effective, []phrase.Piece, error) {
	scope := phrase.Scope{Queue: p.Queue, Language: p.Language}
	e, err := b.Resolve(scope, p.Phrase)
	if err != nil {
		return e, nil, err
	}
	open := p.Open()
	for _, id := range e.ByClock() {
		if _, given := p.With[id]; !given {
			open = append(open, id)
		}
	}
	return b.Pieces(scope, p.Phrase, phrase.Facts{At: noon}, p.Fixed(), open)
}

// phrased says what is wrong with the phrases of flows.
func phrased(b *phrase.Book) func(flow.Prompt) error {
	return func(p flow.Prompt) error {
		_, said, err := pieces(b, p)
		switch {
		case errors.Is(err, phrase.ErrMissing):
			return fmt.Errorf("%w; write with: with a value for each of them, or choose a phrase that needs none", err)
		case err != nil:
			return fmt.Errorf("%w; \"huawu phrase list\" has the phrases, \"huawu phrase show\" what each leaves open", err)
		case len(said) == 0:
			return fmt.Errorf("phrase %q says nothing; choose another", p.Phrase)
		}
		return nil
	}
}

// collect are the prompts of a centre, and which of them scenes say.
func (c Compiler) collect(ctx context.Context, k *checker, config center.Config) (*collected, []flow.Prompt, error) {
	shipped, err := catalogue()
	if err != nil {
		return nil, nil, err
	}
	all := &collected{book: shipped.Book(config.Phrases), recording: c.Recording, by: map[string]*wanted{}, known: map[string]bool{}}
	if c.Recordings != nil {
		if all.recordings, err = c.Recordings(ctx, c.Tenant); err != nil {
			return nil, nil, fmt.Errorf("prepare prompts: %w", err)
		}
	}
	for _, f := range config.Flows {
		for _, p := range f.Prompts() {
			all.want(p, strict.Problem{File: f.File, Line: f.Line, Field: "flow " + string(f.ID)})
		}
	}
	for i, q := range config.ACD.Queues {
		for _, p := range center.WhisperPrompts(q.Whisper) {
			all.want(p, strict.Problem{File: k.file, Field: fmt.Sprintf("queues[%d].whisper", i)})
		}
	}
	scenes := center.ScenePrompts(shipped, config.Phrases)
	for _, p := range scenes {
		all.want(p, strict.Problem{File: k.file, Field: "phrases.auto_play"})
	}
	for _, p := range center.FlowScenePrompts(shipped, config.Phrases, config.Flows) {
		all.want(p, strict.Problem{File: k.file, Field: "flows"})
	}
	for _, p := range center.NormPrompts(shipped, &config) {
		all.spare = p.Phrase != "" // a tone takes the place of words
		all.want(p, strict.Problem{File: k.file, Field: "norms"})
	}
	return all, scenes, nil
}

// prompts finds the audio of every prompt, a few at once.
func (c Compiler) prompts(ctx context.Context, k *checker, config center.Config) ([]center.PromptFile, error) {
	all, scenes, err := c.collect(ctx, k, config)
	if err != nil || c.Resolve == nil {
		return nil, err
	}
	if err := c.resolve(ctx, all.all); err != nil {
		return nil, err
	}
	files := append(make([]center.PromptFile, 0, len(all.known)), all.files...)
	for _, w := range all.all {
		if w.err != nil && w.spare {
			continue
		}
		if w.err != nil {
			w.by.What = fmt.Sprintf("the prompt %s has no audio: %v", spoken(w.prompt), w.err)
			k.add(w.by)
			continue
		}
		files = append(files, center.PromptFile{Key: w.prompt.Key(), Path: w.path})
	}
	for _, s := range all.said {
		if f, ok := all.file(s); ok {
			files = append(files, f)
		}
	}
	return all.voiced(files, scenes), nil
}

// voiced gives what is said in scenes the recordings that may be heard instead,
// each where it has the words.
func (c *collected) voiced(files []center.PromptFile, scenes []flow.Prompt) []center.PromptFile {
	at := make(map[string]int, len(files))
	for i, f := range files {
		at[f.Key] = i
	}
	for _, p := range scenes {
		i, known := at[p.Key()]
		if !known {
			i = len(files)
			at[p.Key()], files = i, append(files, center.PromptFile{Key: p.Key()})
		}
		e, err := c.book.Resolve(phrase.Scope{Queue: p.Queue, Language: p.Language}, p.Phrase)
		if err != nil { // told by the check of the phrases already
			continue
		}
		for _, r := range phrase.Near(c.recordings, phrase.Recorded{Queue: p.Queue, Profile: e.Phrase.Profile, Language: e.Language, Key: p.Phrase}) {
			if path, err := c.recording(r.File); err == nil && (r.Agent != "" || len(e.Variables()) > 0) {
				files[i].Voices = append(files[i].Voices, center.PromptVoice{Agent: r.Agent, Words: r.Text, Path: path})
			}
		}
	}
	return files
}

// resolve finds or makes the audio of each. The error is that of ctx.
func (c Compiler) resolve(ctx context.Context, all []*wanted) error {
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(max(c.Parallel, 2))
	var mu sync.Mutex
	done := 0
	for _, w := range all {
		group.Go(func() error {
			w.path, w.err = c.Resolve(each, c.Tenant, w.prompt)
			mu.Lock()
			defer mu.Unlock()
			if done++; c.Progress != nil && each.Err() == nil {
				c.Progress(done, len(all))
			}
			return each.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("prepare prompts: %w", err)
	}
	return nil
}

// spoken is a prompt in a message.
func spoken(p flow.Prompt) string {
	if p.File != "" {
		return "file " + p.File
	}
	const most = 30
	if short := []rune(p.Text); len(short) > most {
		return fmt.Sprintf("%q", string(short[:most])+"…")
	}
	return fmt.Sprintf("%q", p.Text)
}
