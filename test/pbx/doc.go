// Package pbx starts real Asterisks for tests, demonstration and benchmarks:
// each on loopback addresses of its own with a folder of its own, configured by
// what `huawu asterisk config` prints, so that any number run side by side.
//
// deploy/asterisk/install.sh provides the program where the machine has none.
package pbx
