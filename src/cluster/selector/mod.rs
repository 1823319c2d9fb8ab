//! Label selectors: maps, `LabelSelector` and the text form `a in (b,c),!d,x>1`.
//!
//! Models k8s.io/apimachinery/pkg/labels/selector.go.

mod text;

use super::validate::{At, BadValue, ErrorKind, Errors, FieldError, names};
use crate::manifest::FieldPath;
use crate::manifest::metadata::{Labels, label};
use crate::manifest::workload::{self, LabelSelector};
use crate::map::Set;
use std::fmt;
use std::rc::Rc;

/// Whether labels hold every pair of an equality selector. An empty one matches all.
#[must_use]
pub fn matches_map(selector: &Labels, labels: &Labels) -> bool {
    // Keys are there once: more pairs than labels cannot all be met.
    if selector.len() > labels.len() {
        return false;
    }
    if selector.len() > LONG {
        let mut have: Set<(&str, &str)> = Set::new();
        for (key, value) in labels {
            have.insert((key, value));
        }
        return selector.iter().all(|(key, value)| have.contains(&(&**key, &**value)));
    }
    selector.iter().all(|(key, value)| label(labels, key) == Some(value))
}

/// Pairs from which on looking each one up from the beginning takes too long.
const LONG: usize = 50;

/// Whether labels meet a `LabelSelector`. An empty one matches all; a requirement with
/// an unknown operator matches nothing.
#[must_use]
pub fn matches(selector: &LabelSelector, labels: &Labels) -> bool {
    let meets = |stated: &workload::Requirement| {
        let operator = Operator::of_expression(&stated.operator);
        operator.is_some_and(|operator| holds(operator, &stated.key, &stated.values, labels))
    };
    matches_map(&selector.match_labels, labels) && selector.match_expressions.iter().all(meets)
}

/// How a requirement compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `in`
    In,
    /// `notin`
    NotIn,
    /// `=`
    Equals,
    /// `==`
    DoubleEquals,
    /// `!=`
    NotEquals,
    /// The key alone.
    Exists,
    /// `!` and the key.
    DoesNotExist,
    /// `>`
    GreaterThan,
    /// `<`
    LessThan,
}

impl Operator {
    const ALL: [(Self, &'static str); 9] = [
        (Self::In, "in"),
        (Self::NotIn, "notin"),
        (Self::Equals, "="),
        (Self::DoubleEquals, "=="),
        (Self::NotEquals, "!="),
        (Self::Exists, "exists"),
        (Self::DoesNotExist, "!"),
        (Self::GreaterThan, "gt"),
        (Self::LessThan, "lt"),
    ];

    /// By upstream's constant: `in`, `notin`, `=`, `==`, `!=`, `exists`, `!`, `gt`, `lt`.
    /// Models k8s.io/apimachinery/pkg/selection/operator.go.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, name)| *name == word).map(|(operator, _)| operator)
    }

    /// Upstream's constant.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(operator, _)| *operator == self).map_or("", |(_, name)| name)
    }

    /// By the word of matchExpressions.
    fn of_expression(word: &str) -> Option<Self> {
        match word {
            "In" => Some(Self::In),
            "NotIn" => Some(Self::NotIn),
            "Exists" => Some(Self::Exists),
            "DoesNotExist" => Some(Self::DoesNotExist),
            _ => None,
        }
    }
}

/// One thing that labels must meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The label's key.
    pub key: Rc<str>,
    /// How it compares.
    pub operator: Operator,
    /// With what.
    pub values: Vec<Rc<str>>,
}

impl Requirement {
    /// A requirement, if key, operator and values go together.
    /// Models k8s.io/apimachinery/pkg/labels/selector.go `NewRequirement`.
    ///
    /// # Errors
    /// Every reason why they do not.
    pub fn new(key: &str, operator: Operator, values: Vec<Rc<str>>) -> Result<Self, Vec<FieldError>> {
        let errors = Self::errors(key, Some(operator), &values);
        if errors.is_empty() { Ok(Self { key: key.into(), operator, values }) } else { Err(errors) }
    }

    /// As [`Requirement::new`], with upstream's word for the operator.
    ///
    /// # Errors
    /// The same, and an operator that there is not.
    pub fn of_word(key: &str, word: &str, values: Vec<Rc<str>>) -> Result<Self, Vec<FieldError>> {
        let Some(operator) = Operator::parse(word) else {
            let mut errors = Errors { list: Self::errors(key, None, &values) };
            errors.unsupported(At::of("operator"), word, &Operator::ALL.map(|(_, name)| name));
            return Err(errors.list);
        };
        Self::new(key, operator, values)
    }

    /// What is wrong with the key and the values; whether these go with the operator, if there is one.
    fn errors(key: &str, operator: Option<Operator>, values: &[Rc<str>]) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut invalid = |field: FieldPath, value: BadValue, detail: &str| {
            errors.push(FieldError::new(ErrorKind::Invalid, field, value, detail));
        };
        // All that is wrong with one key or value is one error.
        let why = names::qualified_name(key);
        if !why.is_empty() {
            invalid(FieldPath::of("key"), BadValue::text(key), &why.join("; "));
        }
        let all = || BadValue::Texts(values.to_vec());
        let list = FieldPath::of("values");
        match operator {
            Some(Operator::In | Operator::NotIn) if values.is_empty() => {
                invalid(list.clone(), all(), "for 'in', 'notin' operators, values set can't be empty");
            }
            Some(Operator::Equals | Operator::DoubleEquals | Operator::NotEquals) if values.len() != 1 => {
                invalid(list.clone(), all(), "exact-match compatibility requires one single value");
            }
            Some(Operator::Exists | Operator::DoesNotExist) if !values.is_empty() => {
                invalid(list.clone(), all(), "values set must be empty for exists and does not exist");
            }
            Some(Operator::GreaterThan | Operator::LessThan) => {
                if values.len() != 1 {
                    invalid(list.clone(), all(), "for 'Gt', 'Lt' operators, exactly one value is required");
                }
                for (index, value) in values.iter().enumerate().filter(|(_, v)| v.parse::<i64>().is_err()) {
                    let detail = "for 'Gt', 'Lt' operators, the value must be an integer";
                    invalid(list.index(index), BadValue::text(value), detail);
                }
            }
            _ => {}
        }
        for (index, value) in values.iter().enumerate() {
            let why = names::label_value(value);
            if !why.is_empty() {
                invalid(list.index(index).key(key), BadValue::text(value), &why.join("; "));
            }
        }
        errors
    }

    /// Whether labels meet it.
    #[must_use]
    pub fn matches(&self, labels: &Labels) -> bool {
        holds(self.operator, &self.key, &self.values, labels)
    }
}

/// `NotIn` and `!=` hold where the key is missing; `>` and `<` want whole numbers on both sides.
fn holds(operator: Operator, key: &str, values: &[Rc<str>], labels: &Labels) -> bool {
    let value = label(labels, key);
    match operator {
        Operator::In | Operator::Equals | Operator::DoubleEquals => value.is_some_and(|v| values.contains(v)),
        Operator::NotIn | Operator::NotEquals => value.is_none_or(|v| !values.contains(v)),
        Operator::Exists => value.is_some(),
        Operator::DoesNotExist => value.is_none(),
        Operator::GreaterThan | Operator::LessThan => {
            let number = |text: &Rc<str>| text.parse::<i64>().ok();
            let (Some(left), [right]) = (value.and_then(number), values) else { return false };
            number(right).is_some_and(|right| {
                if operator == Operator::GreaterThan { left > right } else { left < right }
            })
        }
    }
}

/// All of its requirements must be met; none at all is met by everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector(pub Vec<Requirement>);

impl Selector {
    /// Reads the text form. Requirements come out in the order of their keys.
    ///
    /// # Errors
    /// What was found where something else was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        text::parse(text).map(Self::sorted)
    }

    /// A `LabelSelector` as requirements.
    /// Models k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go `LabelSelectorAsSelector`.
    ///
    /// # Errors
    /// An unknown operator, or values that do not go with theirs.
    pub fn of(selector: &LabelSelector) -> Result<Self, String> {
        let words = |errors: Vec<FieldError>| errors.first().map(ToString::to_string).unwrap_or_default();
        let mut all = Vec::new();
        for (key, value) in &selector.match_labels {
            all.push(Requirement::new(key, Operator::Equals, vec![value.clone()]).map_err(words)?);
        }
        for stated in &selector.match_expressions {
            let operator = Operator::of_expression(&stated.operator)
                .ok_or_else(|| format!("\"{}\" is not a valid label selector operator", stated.operator))?;
            all.push(Requirement::new(&stated.key, operator, stated.values.clone()).map_err(words)?);
        }
        Ok(Self::sorted(all))
    }

    fn sorted(mut requirements: Vec<Requirement>) -> Self {
        crate::sort::by(&mut requirements, |a, b| a.key.cmp(&b.key));
        Self(requirements)
    }

    /// Whether labels meet every requirement.
    #[must_use]
    pub fn matches(&self, labels: &Labels) -> bool {
        self.0.iter().all(|requirement| requirement.matches(labels))
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, requirement) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            requirement.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.operator == Operator::DoesNotExist {
            f.write_str("!")?;
        }
        f.write_str(&self.key)?;
        let mut values = self.values.clone();
        crate::sort::plain(&mut values);
        let between = match self.operator {
            Operator::Exists | Operator::DoesNotExist => return Ok(()),
            Operator::In | Operator::NotIn => {
                return write!(f, " {} ({})", self.operator.name(), values.join(","));
            }
            Operator::GreaterThan => ">",
            Operator::LessThan => "<",
            operator => operator.name(),
        };
        f.write_str(between)?;
        f.write_str(&values.join(","))
    }
}
