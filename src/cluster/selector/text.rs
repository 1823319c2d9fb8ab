//! The text form of selectors.
//! Models k8s.io/apimachinery/pkg/labels/selector.go `Lexer` and `Parser`.

use super::super::validate::names;
use super::{Operator, Requirement};
use std::collections::BTreeSet;
use std::rc::Rc;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    In,
    NotIn,
    Not,
    Equals,
    DoubleEquals,
    NotEquals,
    Greater,
    Less,
    Open,
    Close,
    Comma,
    End,
}

impl<'a> Token<'a> {
    /// Where a key or a value stands, `in` and `notin` are words like any other.
    const fn as_value(self) -> Self {
        match self {
            Self::In => Self::Word("in"),
            Self::NotIn => Self::Word("notin"),
            other => other,
        }
    }

    const fn text(self) -> &'a str {
        match self {
            Self::Word(word) => word,
            Self::In => "in",
            Self::NotIn => "notin",
            Self::Not => "!",
            Self::Equals => "=",
            Self::DoubleEquals => "==",
            Self::NotEquals => "!=",
            Self::Greater => ">",
            Self::Less => "<",
            Self::Open => "(",
            Self::Close => ")",
            Self::Comma => ",",
            Self::End => "",
        }
    }
}

const SPECIAL: [char; 7] = ['=', '!', '(', ')', ',', '>', '<'];

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    let space = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
    loop {
        rest = rest.trim_start_matches(space);
        let (token, length) = match rest.as_bytes() {
            [] => break,
            [b'=', b'=', ..] => (Token::DoubleEquals, 2),
            [b'!', b'=', ..] => (Token::NotEquals, 2),
            [b'=', ..] => (Token::Equals, 1),
            [b'!', ..] => (Token::Not, 1),
            [b'(', ..] => (Token::Open, 1),
            [b')', ..] => (Token::Close, 1),
            [b',', ..] => (Token::Comma, 1),
            [b'>', ..] => (Token::Greater, 1),
            [b'<', ..] => (Token::Less, 1),
            _ => {
                let end = rest.find(|c| space(c) || SPECIAL.contains(&c)).unwrap_or(rest.len());
                let token = match &rest[..end] {
                    "in" => Token::In,
                    "notin" => Token::NotIn,
                    word => Token::Word(word),
                };
                (token, end)
            }
        };
        tokens.push(token);
        rest = &rest[length..];
    }
    tokens
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    position: usize,
}

/// Requirements in the order of the text.
pub(super) fn parse(text: &str) -> Result<Vec<Requirement>, String> {
    let mut parser = Parser { tokens: tokens(text), position: 0 };
    let mut requirements = Vec::new();
    loop {
        match parser.look() {
            Token::Word(_) | Token::Not => {
                requirements.push(parser.requirement()?);
                match parser.take() {
                    Token::End => return Ok(requirements),
                    Token::Comma => match parser.look() {
                        Token::Word(_) | Token::Not => {}
                        other => return Err(found(other, "identifier after ','")),
                    },
                    other => return Err(found(other, "',' or 'end of string'")),
                }
            }
            Token::End => return Ok(requirements),
            other => return Err(found(other, "!, identifier, or 'end of string'")),
        }
    }
}

fn found(token: Token<'_>, expected: &str) -> String {
    format!("found '{}', expected: {expected}", token.text())
}

impl<'a> Parser<'a> {
    fn raw(&mut self) -> Token<'a> {
        let token = self.tokens.get(self.position).copied().unwrap_or(Token::End);
        self.position += 1;
        token
    }

    fn take(&mut self) -> Token<'a> {
        self.raw().as_value()
    }

    fn look(&self) -> Token<'a> {
        self.tokens.get(self.position).copied().unwrap_or(Token::End).as_value()
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let mut token = self.take();
        let not = token == Token::Not;
        if not {
            token = self.take();
        }
        let Token::Word(key) = token else { return Err(found(token, "identifier")) };
        let why = names::qualified_name(key);
        if !why.is_empty() {
            return Err(why.join("; "));
        }
        let (operator, values) = if not {
            (Operator::DoesNotExist, BTreeSet::new())
        } else if matches!(self.look(), Token::End | Token::Comma) {
            (Operator::Exists, BTreeSet::new())
        } else {
            let operator = self.operator()?;
            let values = match operator {
                Operator::In | Operator::NotIn => self.values()?,
                _ => BTreeSet::from([self.exact_value()?]),
            };
            (operator, values)
        };
        let values = values.into_iter().map(Rc::from).collect();
        Requirement::new(key, operator, values)
            .map_err(|errors| errors.first().map(ToString::to_string).unwrap_or_default())
    }

    fn operator(&mut self) -> Result<Operator, String> {
        match self.raw() {
            Token::In => Ok(Operator::In),
            Token::NotIn => Ok(Operator::NotIn),
            Token::Equals => Ok(Operator::Equals),
            Token::DoubleEquals => Ok(Operator::DoubleEquals),
            Token::NotEquals => Ok(Operator::NotEquals),
            Token::Greater => Ok(Operator::GreaterThan),
            Token::Less => Ok(Operator::LessThan),
            other => Err(found(other, "in, notin, =, ==, !=, gt, lt")),
        }
    }

    fn exact_value(&mut self) -> Result<&'a str, String> {
        if matches!(self.look(), Token::End | Token::Comma) {
            return Ok("");
        }
        match self.take() {
            Token::Word(word) => Ok(word),
            other => Err(found(other, "identifier")),
        }
    }

    /// `(a,b)`; a missing word is the empty value.
    fn values(&mut self) -> Result<BTreeSet<&'a str>, String> {
        match self.take() {
            Token::Open => {}
            other => return Err(found(other, "'('")),
        }
        let mut values = BTreeSet::new();
        let mut word_is_missing = true;
        loop {
            match self.take() {
                Token::Word(word) if word_is_missing => {
                    values.insert(word);
                    word_is_missing = false;
                }
                Token::Comma => {
                    if word_is_missing {
                        values.insert("");
                    }
                    word_is_missing = true;
                }
                Token::Close => {
                    if word_is_missing {
                        values.insert("");
                    }
                    return Ok(values);
                }
                other => return Err(found(other, "',', ')' or identifier")),
            }
        }
    }
}
