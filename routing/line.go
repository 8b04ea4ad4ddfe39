package routing

import "slices"

// line keeps things in an order that is known without looking at them: three
// numbers, then a name. It is a list of short sorted blocks, so that joining,
// leaving and counting who is ahead touch a few hundred bytes at any length,
// and joining at the end, the common case, moves nothing.
type line[T named] struct {
	blocks [][]item[T]
	n      int
}

// named breaks ties: no two things in a line have one name.
type named interface{ name() string }

type item[T named] struct {
	at [3]int64
	of T
}

// blockSize is how many items a block takes before it is divided.
const blockSize = 128

func (i *item[T]) before(o *item[T]) bool {
	for k := range i.at {
		if i.at[k] != o.at[k] {
			return i.at[k] < o.at[k]
		}
	}
	return i.of.name() < o.of.name()
}

// find is the block and the place in it where i is or would be.
func (l *line[T]) find(i *item[T]) (block, at int) {
	if l.n == 0 {
		return 0, 0
	}
	lo, hi := 0, len(l.blocks)-1
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if b := l.blocks[mid]; b[len(b)-1].before(i) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	block = lo
	b := l.blocks[block]
	if b[len(b)-1].before(i) {
		return block, len(b)
	}
	lo, hi = 0, len(b)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if b[mid].before(i) {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return block, lo
}

func (l *line[T]) insert(key [3]int64, of T) {
	i := item[T]{key, of}
	block, at := l.find(&i)
	l.n++
	if len(l.blocks) == 0 {
		l.blocks = append(l.blocks, append(make([]item[T], 0, 8), i))
		return
	}
	b := l.blocks[block]
	if len(b) < blockSize {
		l.blocks[block] = slices.Insert(b, at, i)
		return
	}
	if block == len(l.blocks)-1 && at == len(b) {
		l.blocks = append(l.blocks, append(make([]item[T], 0, blockSize), i))
		return
	}
	half := append(make([]item[T], 0, blockSize), b[blockSize/2:]...)
	clear(b[blockSize/2:])
	l.blocks = slices.Insert(l.blocks, block+1, half)
	l.blocks[block] = b[:blockSize/2]
	if at > blockSize/2 {
		block, at = block+1, at-blockSize/2
	}
	l.blocks[block] = slices.Insert(l.blocks[block], at, i)
}

// remove takes of out and says whether it was there.
func (l *line[T]) remove(key [3]int64, of T) bool {
	i := item[T]{key, of}
	block, at := l.find(&i)
	if l.n == 0 || at == len(l.blocks[block]) || i.before(&l.blocks[block][at]) {
		return false
	}
	l.n--
	l.blocks[block] = slices.Delete(l.blocks[block], at, at+1)
	// The last block stays, so that a short line that comes and goes
	// allocates nothing.
	if len(l.blocks[block]) == 0 && len(l.blocks) > 1 {
		l.blocks = slices.Delete(l.blocks, block, block+1)
	}
	return true
}

// ahead counts who stands before of.
func (l *line[T]) ahead(key [3]int64, of T) int {
	i := item[T]{key, of}
	block, n := l.find(&i)
	for _, b := range l.blocks[:block] {
		n += len(b)
	}
	return n
}

// head is the first in line.
func (l *line[T]) head() *item[T] { return &l.blocks[0][0] }

// nth is the one with n before it: 0 to n-1.
func (l *line[T]) nth(n int) T {
	block := 0
	for n >= len(l.blocks[block]) {
		n -= len(l.blocks[block])
		block++
	}
	return l.blocks[block][n].of
}

// all goes through the line in its order while yield says so.
func (l *line[T]) all(yield func(T) bool) {
	for _, b := range l.blocks {
		for k := range b {
			if !yield(b[k].of) {
				return
			}
		}
	}
}
