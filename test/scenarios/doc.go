// Package scenarios tells what people do on the phone and what they then see,
// hear and are asked for. A scenario is written once and knows no switch: it is
// played on a switch in memory in virtual time, and, with the build tag
// asterisk, on a real Asterisk with real phones. Everything that it looks at
// comes through the REST API and the phones.
package scenarios
