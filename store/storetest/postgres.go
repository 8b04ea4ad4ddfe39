//go:build postgres

package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// The one role of the server, which must prove itself with a password.
const (
	postgresUser     = "huawu"
	postgresPassword = "only on loopback"
)

// Postgres is a PostgreSQL server of one test, on a port of its own on
// loopback, with its data in a temporary folder.
type Postgres struct {
	programs postgresPrograms
	folder   string
	settings []string
	port     int
	server   *server
	named    atomic.Int64
}

// StartPostgres makes a server and stops it when the test ends. PostgreSQL does
// not run as root: called by root, it runs as the user nobody. Settings are as
// on its command line, "fsync=on"; by default nothing is synced to disk.
//
// Its programs are those of the folder $HUAWU_POSTGRES, else of
// /usr/lib/postgresql, else of the PATH, else of the cache that
// deploy/asterisk/install.sh fills. Where there are none the test fails.
func StartPostgres(tb testing.TB, settings ...string) *Postgres {
	tb.Helper()
	as, err := unprivileged()
	if err != nil {
		tb.Fatalf("PostgreSQL: %v", err)
	}
	folder, err := privateFolder(as)
	if err != nil {
		tb.Fatalf("PostgreSQL: %v", err)
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			tb.Errorf("PostgreSQL: %v", err)
		}
	})
	programs, err := findPostgres(as)
	if err != nil {
		tb.Fatalf("no PostgreSQL to test against: %v", err)
	}
	p := &Postgres{programs: programs, folder: folder, settings: settings}
	secret := filepath.Join(folder, "password")
	if err := errors.Join(os.WriteFile(secret, []byte(postgresPassword), 0o600), as.own(secret)); err != nil {
		tb.Fatalf("PostgreSQL: %v", err)
	}
	init := programs.command("initdb", "-D", p.data(), "-U", postgresUser, "--pwfile", secret,
		"-A", "scram-sha-256", "-E", "UTF8", "--no-locale", "-N")
	if out, err := init.CombinedOutput(); err != nil {
		tb.Fatalf("PostgreSQL: initdb: %v\n%s", err, out)
	}
	p.Start(tb)
	tb.Cleanup(func() { p.Stop(tb) })
	return p
}

// Fresh is the DSN of a new, empty database.
func (p *Postgres) Fresh(tb testing.TB) string {
	tb.Helper()
	name := fmt.Sprintf("centre_%d", p.named.Add(1))
	p.exec(tb, "CREATE DATABASE "+name)
	tb.Cleanup(func() { p.exec(tb, "DROP DATABASE "+name+" WITH (FORCE)") })
	return p.DSN(name)
}

// DSN is the address of a database that may exist.
func (p *Postgres) DSN(name string) string {
	dsn := url.URL{Scheme: "postgres", User: url.UserPassword(postgresUser, postgresPassword),
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port)), Path: name, RawQuery: "sslmode=disable"}
	return dsn.String()
}

// Start starts the server again after Stop, on the port it had.
func (p *Postgres) Start(tb testing.TB) {
	tb.Helper()
	const tries = 5
	var err error
	for range tries {
		port := p.port
		if port == 0 {
			if port, err = freePort(); err != nil {
				tb.Fatalf("PostgreSQL: %v", err)
			}
		}
		if p.server, err = p.start(port); err == nil {
			p.port = port
			return
		}
	}
	tb.Fatalf("PostgreSQL: %v", err)
}

// Stop ends the server, its sessions first.
func (p *Postgres) Stop(tb testing.TB) {
	tb.Helper()
	if p.server == nil {
		return
	}
	if err := p.server.stop(); err != nil {
		tb.Errorf("PostgreSQL: %v", err)
	}
	p.server = nil
}

func (p *Postgres) data() string { return filepath.Join(p.folder, "data") }

func (p *Postgres) start(port int) (*server, error) {
	arguments := []string{"-D", p.data(), "-c", "listen_addresses=127.0.0.1", "-c", fmt.Sprintf("port=%d", port),
		"-c", "unix_socket_directories=", "-c", "fsync=off"}
	for _, s := range p.settings {
		arguments = append(arguments, "-c", s)
	}
	s := launch(p.programs.command("postgres", arguments...))
	const patience = 30 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, p.dsnAt(port))
		if err == nil {
			return s, conn.Close(ctx)
		}
		select {
		case <-s.ended:
			return nil, fmt.Errorf("the server ended at once: %w\n%s", s.err, s.output.Bytes())
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("the server does not answer: %w", err), s.stop())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (p *Postgres) dsnAt(port int) string {
	at := Postgres{port: port}
	return at.DSN("postgres")
}

func (p *Postgres) exec(tb testing.TB, statement string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, p.DSN("postgres"))
	if err == nil {
		_, err = conn.Exec(ctx, statement)
		err = errors.Join(err, conn.Close(ctx))
	}
	if err != nil {
		tb.Fatalf("PostgreSQL: %s: %v", statement, err)
	}
}

// server is a running postgres.
type server struct {
	command *exec.Cmd
	output  bytes.Buffer
	ended   chan struct{} // closed when it has ended; then err and output may be read
	err     error
}

// launch starts a command that dies with this process: the kernel signals it
// when the thread that started it ends, so that thread is kept until then.
func launch(command *exec.Cmd) *server {
	s := &server{command: command, ended: make(chan struct{})}
	command.Stdout, command.Stderr = &s.output, &s.output
	command.SysProcAttr.Pdeathsig = syscall.SIGQUIT // postgres: immediate shutdown
	begun := make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(s.ended)
		s.err = command.Start()
		close(begun)
		if s.err == nil {
			s.err = command.Wait()
		}
	}()
	<-begun
	return s
}

// stop asks for a fast shutdown, then insists.
func (s *server) stop() error {
	for _, demand := range []struct {
		signal   syscall.Signal
		patience time.Duration
	}{{syscall.SIGINT, 20 * time.Second}, {syscall.SIGKILL, 5 * time.Second}} {
		if s.command.Process != nil {
			_ = s.command.Process.Signal(demand.signal) // it may have ended by itself
		}
		select {
		case <-s.ended:
			if demand.signal == syscall.SIGINT {
				return nil
			}
			return errors.New("the server did not stop when asked and was killed")
		case <-time.After(demand.patience):
		}
	}
	return errors.New("the server does not end")
}

// identity is whom the server runs as.
type identity struct{ credential *syscall.Credential }

// unprivileged is this user, or nobody where this user is root.
func unprivileged() (identity, error) {
	if os.Geteuid() != 0 {
		return identity{}, nil
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		return identity{}, fmt.Errorf("does not run as root, and there is no user nobody to run it as: %w", err)
	}
	uid, errUID := strconv.ParseUint(nobody.Uid, 10, 32)
	gid, errGID := strconv.ParseUint(nobody.Gid, 10, 32)
	return identity{&syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, errors.Join(errUID, errGID)
}

// command is a program run as the identity, in a folder that it may enter.
func (i identity) command(program string, arguments ...string) *exec.Cmd {
	c := exec.Command(program, arguments...)
	c.Dir = "/"
	c.Env = append(os.Environ(), "LC_ALL=C", "HOME=/")
	c.SysProcAttr = &syscall.SysProcAttr{Credential: i.credential}
	return c
}

// own hands a path to the identity.
func (i identity) own(path string) error {
	if i.credential == nil {
		return nil
	}
	return os.Chown(path, int(i.credential.Uid), int(i.credential.Gid))
}

// privateFolder makes a folder that the identity owns and can reach: the
// temporary folder of root may be out of others' reach.
func privateFolder(as identity) (string, error) {
	var failures []error
	for _, parent := range []string{os.TempDir(), "/tmp", "/var/tmp"} {
		folder, err := os.MkdirTemp(parent, "huawu-postgres-")
		if err == nil {
			err = errors.Join(as.own(folder), as.command("/bin/sh", "-c", `cd "$1"`, "sh", folder).Run())
			if err == nil {
				return folder, nil
			}
			err = errors.Join(err, os.RemoveAll(folder))
		}
		failures = append(failures, err)
	}
	return "", fmt.Errorf("no temporary folder: %w", errors.Join(failures...))
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
