//! promql-parser's tree of a query.

use super::make::{Grouping, Labels, Make, Operator, Selector};
use crate::promql::functions::{Signature, ValueType};
use promql_parser::label::{self, MatchOp, Matcher, Matchers};
use promql_parser::parser::function::{Function, FunctionArgs};
use promql_parser::parser::token::{TokenId, TokenType};
use promql_parser::parser::{
    AggregateExpr, BinModifier, BinaryExpr, Call, Expr, LabelModifier, MatrixSelector, Offset,
    ParenExpr, VectorMatchCardinality, VectorSelector, value,
};
use smallvec::SmallVec;

/// Makes the very tree of promql-parser.
pub struct OfParser;

impl Make for OfParser {
    type Made = Expr;

    fn number(&mut self, number: f64) -> Expr {
        Expr::from(number)
    }

    fn text(&mut self, text: &str) -> Expr {
        Expr::from(text)
    }

    fn selector(&mut self, selector: &Selector<'_>) -> Expr {
        let matchers = selector.matchers.iter().map(|matcher| Matcher {
            op: if matcher.is_equal { MatchOp::Equal } else { MatchOp::NotEqual },
            name: matcher.label.to_owned(),
            value: matcher.value.to_owned(),
        });
        let matchers = Matchers::new(matchers.collect());
        let mut vs = VectorSelector::new(selector.metric.map(str::to_owned), matchers);
        vs.offset = selector.offset.map(Offset::Pos);
        match selector.range {
            Some(range) => Expr::MatrixSelector(MatrixSelector { vs, range }),
            None => Expr::VectorSelector(vs),
        }
    }

    fn in_parentheses(&mut self, inside: Expr) -> Expr {
        Expr::Paren(ParenExpr { expr: Box::new(inside) })
    }

    fn call(
        &mut self,
        (name, signature): (&'static str, Signature),
        arguments: SmallVec<[Expr; 2]>,
    ) -> Expr {
        let wanted = (0..arguments.len()).filter_map(|index| signature.argument(index));
        let wanted = wanted.map(of_parser).collect();
        let func = Function::new(name, wanted, 0, of_parser(signature.result), false);
        let args = FunctionArgs { args: arguments.into_iter().map(Box::new).collect() };
        Expr::Call(Call { func, args })
    }

    fn aggregation(
        &mut self,
        operator: TokenId,
        grouping: Option<&Grouping<'_>>,
        parameter: Option<Expr>,
        inside: Expr,
    ) -> Expr {
        let modifier = grouping.map(|it| modifier(it.is_by, &it.labels));
        let (param, expr) = (parameter.map(Box::new), Box::new(inside));
        Expr::Aggregate(AggregateExpr { op: TokenType::new(operator), expr, param, modifier })
    }

    fn operation(&mut self, operator: &Operator<'_>, left: Expr, right: Expr) -> Expr {
        let mut said = BinModifier::default().with_return_bool(operator.gives_bool);
        if operator.is_of_sets {
            said = said.with_card(VectorMatchCardinality::ManyToMany);
        }
        if let Some(matching) = &operator.matching {
            said = said.with_matching(Some(modifier(matching.is_on, &matching.labels)));
            if let Some(many) = &matching.many {
                let included = labels(&many.included);
                said = said.with_card(if many.is_left {
                    VectorMatchCardinality::ManyToOne(included)
                } else {
                    VectorMatchCardinality::OneToMany(included)
                });
            }
        }
        let is_said = operator.gives_bool || operator.is_of_sets || operator.matching.is_some();
        Expr::Binary(BinaryExpr {
            op: TokenType::new(operator.token),
            lhs: Box::new(left),
            rhs: Box::new(right),
            modifier: is_said.then_some(said),
        })
    }
}

fn labels(labels: &Labels<'_>) -> label::Labels {
    label::Labels { labels: labels.iter().map(|label| (*label).to_owned()).collect() }
}

fn modifier(includes: bool, of: &Labels<'_>) -> LabelModifier {
    let labels = labels(of);
    if includes { LabelModifier::Include(labels) } else { LabelModifier::Exclude(labels) }
}

/// A type as promql-parser calls it.
fn of_parser(value: ValueType) -> value::ValueType {
    match value {
        ValueType::Scalar => value::ValueType::Scalar,
        ValueType::Vector => value::ValueType::Vector,
        ValueType::Range => value::ValueType::Matrix,
        ValueType::String => value::ValueType::String,
    }
}
