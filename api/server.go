package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/huawu/huawu/fact"
)

// Options is what the API works by.
type Options struct {
	// Tenant is whose centre it is; fact.DefaultTenant when empty.
	Tenant fact.TenantID
	Engine Engine
	Store  Store
	// Voice keeps recordings of phrases and speaks; nil for neither.
	Voice Voice
	// Archive keeps the recordings of calls; nil for nobody.
	Archive Archive
	// Compiler checks and compiles a centre before it is saved.
	Compiler Compiler
	// Tokens are who may come in; at least one.
	Tokens []Token
	// Collectors are metrics of other rooms that /metrics shows as well.
	Collectors []prometheus.Collector
	// Troubles, when set, says what is wrong that does not make huawu unready,
	// one line each.
	Troubles func() []string
	// Long, when set, is told that a request begins that may take a processor
	// for milliseconds, and calls what it is given at its end.
	Long func() (over func())
	// Version is the program's, for the description of the API.
	Version string
	// Log takes what clients are not told; slog's default when nil.
	Log *slog.Logger
	// Now is the clock of limits; time.Now when nil.
	Now func() time.Time
}

// Bounds of the API.
const (
	maxBody     = 8 << 20          // bytes of a request
	awaitLimit  = 5 * time.Second  // for a read to include a cursor
	storeLimit  = 10 * time.Second // for one call of the store
	changeLimit = 5 * time.Minute  // to check a centre, audio of its prompts included
	readLimit   = 15 * time.Second // to receive a request
	idleLimit   = 2 * time.Minute
	stopLimit   = 5 * time.Second  // for answers under way when the server stops
	writeLimit  = 10 * time.Second // for a reader of events to take what it is sent
	askLimit    = 10 * time.Second // for the engine to answer an operation
)

// Server is the API of one centre. It is an http.Handler.
type Server struct {
	tenant   fact.TenantID
	engine   Engine
	store    Store
	voice    Voice
	archive  Archive
	compiler Compiler
	tokens   []Token
	log      *slog.Logger
	now      func() time.Time
	long     func() (over func())
	troubles func() []string

	gin     *gin.Engine
	huma    huma.API
	metrics *metrics

	failures failures // of tokens, by address
	pins     failures // of PINs, by agent
	// changing holds one value; who takes it may change the centre. So does
	// listing for the list of numbers.
	changing, listing chan struct{}
	// feeds bounds the event streams; stopping ends them.
	feeds      chan struct{}
	stopping   chan struct{}
	writeLimit time.Duration
}

// New makes a server. It errors on options that cannot work.
func New(o Options) (*Server, error) {
	switch {
	case o.Engine == nil || o.Store == nil:
		return nil, errors.New("api: an engine and a store are needed")
	case len(o.Tokens) == 0:
		return nil, errors.New("api: at least one token is needed")
	}
	if o.Tenant == "" {
		o.Tenant = fact.DefaultTenant
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Long == nil {
		o.Long = func() func() { return func() {} }
	}
	if o.Troubles == nil {
		o.Troubles = func() []string { return nil }
	}
	s := &Server{tenant: o.Tenant, engine: o.Engine, store: o.Store, voice: o.Voice, archive: o.Archive, compiler: o.Compiler, tokens: o.Tokens, log: o.Log, now: o.Now, long: o.Long, troubles: o.Troubles,
		changing: make(chan struct{}, 1), listing: make(chan struct{}, 1), feeds: make(chan struct{}, maxFeeds), stopping: make(chan struct{}), writeLimit: writeLimit}
	s.compiler.Tenant = o.Tenant
	s.pins.burst = pinBurst
	if s.compiler.Recordings == nil && o.Voice != nil {
		s.compiler.Recordings, s.compiler.Recording = o.Store.PhraseRecordings, o.Voice.Path
	}
	gin.SetMode(gin.ReleaseMode)
	s.gin = gin.New()
	s.gin.HandleMethodNotAllowed = true
	s.gin.RedirectTrailingSlash = false
	s.gin.UseRawPath, s.gin.UnescapePathValues = true, true
	if err := s.gin.SetTrustedProxies(nil); err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	var err error
	if s.metrics, err = newMetrics(s, o.Collectors); err != nil {
		return nil, fmt.Errorf("api: metrics: %w", err)
	}
	s.gin.Use(s.observe, s.recover, s.authenticate, s.ofTenant)
	s.gin.NoRoute(func(c *gin.Context) { s.refuse(c, fmt.Errorf("%s: %w", c.Request.URL.Path, ErrNotFound)) })
	s.gin.NoMethod(func(c *gin.Context) {
		s.refuse(c, fmt.Errorf("%s %s: %w", c.Request.Method, c.Request.URL.Path, ErrMethod))
	})
	s.describe(o.Version)
	s.routes()
	return s, nil
}

// describe sets up the OpenAPI description.
func (s *Server) describe(version string) {
	if version == "" {
		version = "dev"
	}
	config := huma.DefaultConfig("huawu", version)
	config.Info.Description = "The control layer of a call centre: queues, agents, calls, the centre's configuration, events."
	config.OpenAPIPath = "/api/v1/openapi"
	config.DocsPath, config.SchemasPath = "", ""
	config.CreateHooks = nil // they would add "$schema" to every answer
	config.RejectUnknownQueryParameters = true
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", Description: "a token of huawu's token file"},
	}
	config.Security = []map[string][]string{{"bearer": {}}}
	s.huma = humagin.New(s.gin, config)
}

// routes are all routes there are.
func (s *Server) routes() {
	s.queueRoutes()
	s.agentRoutes()
	s.callRoutes()
	s.centreRoutes()
	s.flowRoutes()
	s.schemaRoutes()
	s.auditRoutes()
	s.eventRoutes()
	s.controlRoutes()
	s.callSceneRoutes()
	s.archiveRoutes()
	s.superviseRoutes()
	s.resourceRoutes()
	s.whyRoutes()
	s.phraseRoutes()
	s.recordingRoutes()
	s.soundingRoutes()
	s.callerRoutes()
	s.callbackRoutes()
	s.normRoutes()
	s.surveyRoutes()
	s.incidentRoutes()
	s.gin.GET("/healthz", s.healthz)
	s.gin.GET("/readyz", s.readyz)
	s.gin.GET("/metrics", gin.WrapH(s.metrics.handler()))
}

// ServeHTTP answers one request (http.Handler).
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.gin.ServeHTTP(w, r) }

// Serve answers on a listener until ctx ends; then it ends the event streams
// and gives answers under way a few seconds. It is called once.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{Handler: s, ReadHeaderTimeout: readLimit, IdleTimeout: idleLimit, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn)}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	select {
	case err := <-served:
		close(s.stopping)
		return fmt.Errorf("serve the API: %w", err)
	case <-ctx.Done():
	}
	close(s.stopping)
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer cancel()
	err := server.Shutdown(limit)
	if err != nil {
		err = errors.Join(fmt.Errorf("stop the API: %w", err), server.Close())
	}
	<-served
	return err
}

// ofTenant refuses requests for a tenant that is not here.
func (s *Server) ofTenant(c *gin.Context) {
	if t := c.Query("tenant"); t != "" && t != string(s.tenant) {
		s.refuse(c, fmt.Errorf("tenant %q: %w", t, ErrNotFound))
	}
}

// recover answers a request whose handler panicked.
func (s *Server) recover(c *gin.Context) {
	defer func() {
		if cause := recover(); cause != nil {
			if cause == http.ErrAbortHandler {
				panic(cause)
			}
			s.log.ErrorContext(c.Request.Context(), "a request panicked", "method", c.Request.Method, "path", c.Request.URL.Path,
				"cause", cause, "stack", string(debug.Stack()))
			if !c.Writer.Written() {
				s.refuse(c, newProblem(http.StatusInternalServerError, "internal", "something went wrong in huawu; its log says what"))
			}
		}
	}()
	c.Next()
}

// observe counts and logs a request.
func (s *Server) observe(c *gin.Context) {
	route := c.FullPath()
	if route == "" {
		route = "none"
	}
	began := time.Now()
	if route != eventsPath { // a stream waits for most of its time
		defer s.long()()
	}
	c.Next()
	took := time.Since(began)
	s.metrics.request(c.Request.Method, route, c.Writer.Status(), took)
	s.log.DebugContext(c.Request.Context(), "request", "method", c.Request.Method, "path", c.Request.URL.Path,
		"status", c.Writer.Status(), "took", took, "by", actorOf(c.Request.Context()).Name)
}
