package routing

import "strconv"

func init() {
	queueOptions["distribution"] = func(q *Queue, value string) error {
		q.Distribution = Distribution(value)
		return nil
	}
	queueOptions["cancel-at"] = func(q *Queue, value string) error {
		q.CancelAt = value
		return nil
	}
	queueOptions["width"] = func(q *Queue, value string) (err error) {
		q.Width, err = strconv.Atoi(value)
		return err
	}
}
