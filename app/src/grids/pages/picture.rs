//! A community's plan as a picture. Everything on it stands in words beside it.

use crate::grids::{
    draw::{Frame, WIDTH, middle},
    outline::Corner,
};
use leptos::prelude::*;

/// How an outline looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The grid that the page is about.
    Here,
    /// Another one.
    Other,
    /// One that is being drawn.
    Draft,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Look::Here => "plan-grid here",
            Look::Other => "plan-grid",
            Look::Draft => "plan-grid draft",
        }
    }
}

/// An outline.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Name of the grid.
    pub name: String,
    /// Its corners.
    pub corners: Vec<Corner>,
    /// How it looks.
    pub look: Look,
}

/// A building.
#[derive(Clone, Debug)]
pub struct Dot {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub at: Corner,
    /// It is in the grid that the page is about.
    pub here: bool,
}

/// A plan.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// What it shows, in a sentence.
    pub label: String,
    /// Outlines, in the order in which they are painted.
    pub shapes: Vec<Shape>,
    /// Buildings.
    pub dots: Vec<Dot>,
}

/// The plan; nothing where nothing on it has a place. With `edits` it says where it lies, for the script that lets one draw.
pub fn picture(plan: Plan, edits: bool) -> AnyView {
    let corners = plan.shapes.iter().flat_map(|shape| shape.corners.iter().copied());
    let all: Vec<Corner> = corners.chain(plan.dots.iter().map(|dot| dot.at)).collect();
    let Some(frame) = Frame::around(&all) else { return ().into_any() };
    let edge = |degrees: f64| edits.then(|| format!("{degrees:.7}"));
    let mut shapes = plan.shapes;
    shapes.sort_by_key(|shape| match shape.look {
        Look::Other => 0,
        Look::Here => 1,
        Look::Draft => 2,
    });
    let names = shapes
        .iter()
        .filter(|shape| shape.look != Look::Draft)
        .filter_map(|shape| {
            let [x, y] = frame.at(middle(&shape.corners)?);
            let class = if shape.look == Look::Here { "plan-name here" } else { "plan-name" };
            Some(view! { <text class=class x=format!("{x:.1}") y=format!("{y:.1}")>{shape.name.clone()}</text> })
        })
        .collect_view();
    let shapes = shapes
        .iter()
        .map(|shape| view! { <polygon class=shape.look.class() points=frame.points(&shape.corners)></polygon> })
        .collect_view();
    let dots = plan
        .dots
        .into_iter()
        .map(|dot| {
            let [x, y] = frame.at(dot.at);
            let class = if dot.here { "plan-dot here" } else { "plan-dot" };
            view! {
                <circle class=class cx=format!("{x:.1}") cy=format!("{y:.1}") r="11"></circle>
                <text class="plan-building" x=format!("{:.1}", x + 18.0) y=format!("{:.1}", y + 9.0)>{dot.name}</text>
            }
        })
        .collect_view();
    view! {
        <div class="plan-frame">
            <svg
                class="plan"
                viewBox=format!("0 0 {WIDTH:.0} {:.0}", frame.height)
                role="img"
                aria-label=plan.label
                data-west=edge(frame.west)
                data-east=edge(frame.east)
                data-south=edge(frame.south)
                data-north=edge(frame.north)
            >
                {shapes}
                {names}
                {dots}
            </svg>
        </div>
    }
    .into_any()
}
