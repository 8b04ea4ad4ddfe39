package api

// whyRoutes explain calls and agents.
func (s *Server) whyRoutes() {}
