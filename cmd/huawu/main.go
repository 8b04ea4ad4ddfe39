// Command huawu is the control layer of a call centre and the tool of those
// who operate it.
package main

import (
	"context"
	"os"
	_ "time/tzdata" // hours need zones where the machine has none
)

func main() {
	a := &app{in: os.Stdin, out: os.Stdout, err: os.Stderr, exit: os.Exit, drivers: (*Config).switches, ease: easeTimers, processors: newProcessors}
	os.Exit(a.run(context.Background(), os.Args[1:]))
}
