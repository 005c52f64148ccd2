package httpapi

import "github.com/bubblelevel/bubblelevel/emulator/deploy"

func boundaryOf(contentType string) (string, bool) { return "", false }

func parseMultipart(body []byte, boundary string) (deploy.Params, *paramError) {
	return nil, nil
}
