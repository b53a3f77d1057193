package manifest

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"path"
	"strings"
)

// What SARIF 2.1.0 asks for, and what code scanners show of it; sections are those of the OASIS standard.
type (
	sarifLog struct { // 3.13
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct { // 3.14
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifInvocation struct { // 3.20
		ExecutionSuccessful bool `json:"executionSuccessful"`
	}
	sarifDriver struct { // 3.19
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct { // 3.49
		ID            string      `json:"id"`
		Short         sarifText   `json:"shortDescription"`
		Full          sarifText   `json:"fullDescription"`
		Help          sarifText   `json:"help"`
		Configuration sarifConfig `json:"defaultConfiguration"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct { // 3.27
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct { // 3.28
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI    string `json:"uri"`
		BaseID string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
	sarifLogical struct {
		FullName string `json:"fullyQualifiedName"`
	}
)

// SARIF writes the report as a log of one run. completed is false where something could not be read.
func (r *Report) SARIF(w io.Writer, version string, completed bool) error {
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "exeunt check", Version: version, Rules: []sarifRule{}}},
		Invocations: []sarifInvocation{{completed}},
		ColumnKind:  "unicodeCodePoints",
		Results:     []sarifResult{},
	}
	index := map[string]int{}
	for i, rule := range rules {
		index[rule.ID] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			rule.ID, sarifText{sentence(rule.Short)}, sarifText{rule.Help}, sarifText{rule.Help}, sarifConfig{rule.Severity.String()},
		})
	}
	for _, f := range r.sorted() {
		run.Results = append(run.Results, f.sarif(index[f.Rule]))
	}
	return indented(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

func (f Finding) sarif(rule int) sarifResult {
	text := sentence(f.Problem)
	if f.Change != "" {
		text += " " + sentence(f.Change)
	}
	l := sarifLocation{Physical: sarifPhysical{Artifact: artifact(f.At.File)}}
	if f.At.Line > 0 {
		l.Physical.Region = &sarifRegion{f.At.Line, f.At.Column}
	}
	if f.Container != "" {
		l.Logical = []sarifLogical{{f.Container}}
	}
	return sarifResult{f.Rule, rule, f.Severity.String(), sarifText{text}, []sarifLocation{l}, map[string]string{"exeunt/v1": f.fingerprint()}}
}

// fingerprint is the same for the same finding when lines above it come and go.
func (f Finding) fingerprint() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Rule, f.At.File, f.Container, f.Problem}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// artifact is a file as SARIF names it: relative to where the command was run, which is the repository's root in CI.
func artifact(file string) sarifArtifact {
	uri := url.URL{Path: path.Clean(file)}
	if path.IsAbs(file) {
		uri.Scheme = "file"
		return sarifArtifact{URI: uri.String()}
	}
	return sarifArtifact{URI: uri.String(), BaseID: "%SRCROOT%"}
}

// sentence begins with a capital and ends with a full stop; what is code stays as it is.
func sentence(text string) string {
	if text == "" {
		return ""
	}
	if first := text[0]; first >= 'a' && first <= 'z' && !strings.ContainsAny(strings.Fields(text)[0], ":_=") && strings.ToLower(strings.Fields(text)[0]) == strings.Fields(text)[0] {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	return strings.TrimRight(text, ".") + "."
}
