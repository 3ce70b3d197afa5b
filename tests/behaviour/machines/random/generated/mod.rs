//! The machines of `machines::random`, by chance. The renderer wrote this list.

use super::drive::Subject;

#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m01;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m02;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m03;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m04;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m05;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m06;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m07;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m08;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m09;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m10;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m11;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m12;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m13;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m14;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m15;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m16;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m17;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m18;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m19;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m20;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m21;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m22;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m23;
#[allow(unused, clippy::all, reason = "written by chance")]
#[rustfmt::skip]
mod m24;

/// One of each.
#[rustfmt::skip]
pub fn all() -> Vec<Box<dyn Subject>> {
    vec![
        Box::new(m01::Machine1::new()),
        Box::new(m02::Machine2::new()),
        Box::new(m03::Machine3::new()),
        Box::new(m04::Machine4::new()),
        Box::new(m05::Machine5::new()),
        Box::new(m06::Machine6::new()),
        Box::new(m07::Machine7::new()),
        Box::new(m08::Machine8::new()),
        Box::new(m09::Machine9::new()),
        Box::new(m10::Machine10::new()),
        Box::new(m11::Machine11::new()),
        Box::new(m12::Machine12::new()),
        Box::new(m13::Machine13::new()),
        Box::new(m14::Machine14::new()),
        Box::new(m15::Machine15::new()),
        Box::new(m16::Machine16::new()),
        Box::new(m17::Machine17::new()),
        Box::new(m18::Machine18::new()),
        Box::new(m19::Machine19::new()),
        Box::new(m20::Machine20::new()),
        Box::new(m21::Machine21::new()),
        Box::new(m22::Machine22::new()),
        Box::new(m23::Machine23::new()),
        Box::new(m24::Machine24::new()),
    ]
}
