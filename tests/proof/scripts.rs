//! The text of scripts: what is printed is read as the same script.

use logitlab::claims::{claims, parse};

#[test]
fn scripts_print_as_what_they_parse_to() {
    for claim in claims() {
        let Some(script) = &claim.proof else { continue };
        let text = format!("claim {}\n{}{script}", claim.id, claim.statement);
        let again = parse(&text).unwrap_or_else(|error| panic!("{}: {error} at {:?}\n{text}", claim.id, error.span));
        assert_eq!(again.proof.unwrap().to_string(), script.to_string());
        assert_eq!(again.statement, claim.statement);
    }
}

#[test]
fn the_headline_derivation_is_read_as_the_design_writes_it() {
    let text = "\
claim  norm-identity
title  \"Closed form of the logit-update norm\"
source \"arXiv:2506.12912, abstract\"
given  P : vector, c : action, g : real
show   |g*(e[c] - P)|^2 = g^2*(1 - 2*P[c] + C(P))
proof
  |g*(e[c] - P)|^2
    = g^2*|e[c] - P|^2                          by norm.scale
    = g^2*<e[c] - P, e[c] - P>                  by norm.square
    = g^2*(<e[c],e[c]> - 2*<e[c],P> + <P,P>)    by inner.bilinear
    = g^2*(1 - 2*P[c] + <P,P>)                  by inner.unit
    = g^2*(1 - 2*P[c] + C(P))                   by collision.definition
qed
";
    let claim = parse(text).unwrap();
    let theorems = logitlab::proof::check(&claim.statement, claim.proof.as_ref().unwrap(), &|_| Ok(None)).unwrap();
    assert!(theorems[0].proves(&claim.statement, &claim.statement.shows[0]));
}

#[test]
fn the_examples_of_the_manual_are_accepted() {
    let manual = include_str!("../../proofs/README.md");
    let examples: Vec<&str> = manual.split("```\n").filter(|text| text.starts_with("claim ")).collect();
    assert_eq!(examples.len(), 4);
    for text in examples {
        let claim = parse(text).unwrap_or_else(|error| panic!("{:?}: {error}", error.position(text)));
        if claim.statement.speaks_of_formats() {
            let judgement = logitlab::judges::exhaustive::decide(&claim, &logitlab::judges::Options::default());
            assert_eq!(judgement.verdict.word(), "proved-for-formats", "{}", judgement.evidence);
            continue;
        }
        let theorems = logitlab::proof::check(&claim.statement, claim.proof.as_ref().unwrap(), &|_| Ok(None));
        theorems.unwrap_or_else(|rejection| panic!("{}: {:?}: {rejection}", claim.id, rejection.step));
    }
}

#[test]
fn a_disjunction_is_used_by_cases_and_shown_by_a_part() {
    let text = "claim one-or-two
        given x : real, x = 1 or x = 2
        show x^2 - 3*x + 2 = 0
        show x <= 1 or 2 <= x
        proof
          x^2 - 3*x + 2 = 0 proof
            case x = 1
              x^2 - 3*x + 2
                = 1^2 - 3*1 + 2     by hypothesis
                = 0                 by ring
            case x = 2
              x^2 - 3*x + 2
                = 2^2 - 3*2 + 2     by hypothesis
                = 0                 by ring
          qed
          x <= 1 or 2 <= x proof
            case x = 1
              x = 1                 by hypothesis
            case x = 2
              x = 2                 by hypothesis
          qed
        qed";
    let claim = parse(text).unwrap();
    logitlab::proof::check(&claim.statement, claim.proof.as_ref().unwrap(), &|_| Ok(None)).unwrap();
}

#[test]
fn derived_functions_unfold_by_their_definitions() {
    let text = "claim variance-and-odds
        given P : distribution, v : vector, x : real
        show Var(P, v + x*1) = Var(P, v)
        show 0 < sigmoid(x)
        show Cov(P, v, v) = Var(P, v)
        proof
          Var(P, v + x*1)
            = <P,(v + x*1).*(v + x*1)> - <P,v + x*1>^2                              by variance.definition
            = <P,v.*v> + 2*x*<P,v> + x^2*<P,1> - (<P,v> + x*<P,1>)^2                by inner.bilinear
            = <P,v.*v> + 2*x*<P,v> + x^2*sum(P) - (<P,v> + x*sum(P))^2              by inner.ones
            = <P,v.*v> + 2*x*<P,v> + x^2*1 - (<P,v> + x*1)^2                        by distribution.sum
            = <P,v.*v> - <P,v>^2                                                    by ring
            = Var(P, v)                                                             by variance.definition
          show 0 < sigmoid(x)                                                       by order
          Cov(P, v, v)
            = <P,v.*v> - <P,v>*<P,v>                                                by covariance.definition
            = <P,v.*v> - <P,v>^2                                                    by ring
            = Var(P, v)                                                             by variance.definition
        qed";
    let claim = parse(text).unwrap();
    logitlab::proof::check(&claim.statement, claim.proof.as_ref().unwrap(), &|_| Ok(None)).unwrap();
}
