// till.go - prints a receipt and acts on what became of it: go run till.go SALE.json
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

type answer struct {
	Outcome   string `json:"outcome"`
	Message   string `json:"message"`
	ExpiresAt string `json:"expires_at"`
}

// printReceipt calls again with the same document when no answer came: kwit was killed, or is not there.
func printReceipt(sale []byte) (answer, error) {
	var result answer
	var err error
	for i := 0; i < 3; i++ {
		call := exec.Command("kwit", "print", "--json", "-")
		call.Stdin = bytes.NewReader(sale)
		var line []byte
		line, err = call.Output()
		if len(line) > 0 {
			return result, json.Unmarshal(line, &result)
		}
	}
	return result, fmt.Errorf("kwit gives no answer: %v", err)
}

func main() {
	sale, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(66)
	}
	var document struct {
		ID string `json:"id"`
	}
	json.Unmarshal(sale, &document)
	result, err := printReceipt(sale)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	switch result.Outcome {
	case "printed", "sent", "duplicate":
		fmt.Println("done:", result.Outcome)
	case "queued", "interrupted":
		fmt.Println("the receipt prints by itself until", result.ExpiresAt, "-", result.Message)
	case "unconfirmed":
		fmt.Print("Did the receipt come out? [y/n] ")
		var reply string
		fmt.Scanln(&reply)
		seen := "--missing"
		if strings.HasPrefix(strings.ToLower(reply), "y") {
			seen = "--seen"
		}
		exec.Command("kwit", "resolve", document.ID, seen).Run()
	default:
		fmt.Println("kwit:", result.Message)
	}
}
