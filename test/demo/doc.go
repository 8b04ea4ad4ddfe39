// Command demo shows huawu at work: it brings up a real Asterisk and the built
// huawu, places real SIP calls with real RTP, tells each call's life as a
// timeline, and verifies what it claims. With -stay it brings up the same and
// leaves it to softphones.
package main
