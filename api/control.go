package api

// controlRoutes hold, consult and transfer calls, and steer queues and agents.
func (s *Server) controlRoutes() {}
