package api

// resourceRoutes keep numbers, trunks, routes, extensions and classes of service.
func (s *Server) resourceRoutes() {}
