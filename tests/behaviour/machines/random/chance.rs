//! Machines by chance. A seed gives the same machine everywhere.

use super::table::{Answers, Arrow, Expression, FLAGS, GUARDS, Guard, Hook, Kind, Method, State, Table, Takes, When};

const STATES: [(&str, &str); 12] = [
    ("Amber", "amber"),
    ("Brass", "brass"),
    ("AtSea", "at_sea"),
    ("Dusk", "dusk"),
    ("Ember", "ember"),
    ("Flint", "flint"),
    ("InTheGrove", "in_the_grove"),
    ("Haze", "haze"),
    ("Iron", "iron"),
    ("Jade", "jade"),
    ("Kelp", "kelp"),
    ("Loam", "loam"),
];

const METHODS: [&str; 14] = [
    "adopt",
    "bind",
    "carry",
    "dry",
    "enlist",
    "fold",
    "grant",
    "hold_back",
    "issue",
    "join",
    "keep",
    "lift",
    "mend",
    "nudge",
];

/// Numbers that look random.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())]
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// The machine of a seed.
pub fn table(number: usize, seed: u64) -> Table {
    let mut dice = Dice::new(seed);
    let states = states(&mut dice);
    let mut table = Table {
        number,
        version: dice.percent(50),
        log: dice.percent(80),
        all_async: dice.percent(25),
        guards: (0..2 + dice.below(GUARDS - 1)).map(|_| guard(&mut dice)).collect(),
        methods: Vec::new(),
        hooks: Vec::new(),
        states,
    };
    methods(&mut table, &mut dice);
    hooks(&mut table, &mut dice);
    table
}

fn states(dice: &mut Dice) -> Vec<State> {
    let count = 2 + dice.below(11);
    let terminals = if count > 2 { dice.below(3) } else { 0 };
    let mut marks: Vec<(bool, bool)> = (0..count).map(|place| (place == 0, place > 0 && place <= terminals)).collect();
    dice.shuffle(&mut marks);
    let named = STATES.iter().zip(marks);
    named.map(|((name, stored), (initial, terminal))| State { name, stored, initial, terminal }).collect()
}

fn guard(dice: &mut Dice) -> Guard {
    Guard { flag: dice.below(FLAGS), kind: dice.pick(&[Kind::Plain, Kind::Plain, Kind::Reasoned, Kind::Numbered]) }
}

/// From where to where: every state can be reached, and every state that is not terminal leads on to a terminal one, if
/// there is one.
fn edges(states: &[State], dice: &mut Dice) -> Vec<(usize, usize)> {
    let lasting = |state: &usize| !states[*state].terminal;
    let mut reached: Vec<usize> = (0..states.len()).filter(|state| states[*state].initial).collect();
    let mut rest: Vec<usize> = (0..states.len()).filter(|state| !states[*state].initial).collect();
    dice.shuffle(&mut rest);
    let mut edges = Vec::new();
    for state in rest {
        let from: Vec<usize> = reached.iter().copied().filter(lasting).collect();
        edges.push((dice.pick(&from), state));
        reached.push(state);
    }
    let mut ends: Vec<usize> = (0..states.len()).filter(|state| states[*state].terminal).collect();
    if ends.is_empty() {
        ends = reached.iter().copied().filter(|state| states[*state].initial).collect();
    }
    loop {
        while let Some((from, _)) = edges.iter().find(|(from, to)| ends.contains(to) && !ends.contains(from)) {
            ends.push(*from);
        }
        let lost: Vec<usize> = (0..states.len()).filter(|state| !ends.contains(state)).collect();
        if lost.is_empty() {
            return edges;
        }
        edges.push((dice.pick(&lost), dice.pick(&ends)));
    }
}

fn methods(table: &mut Table, dice: &mut Dice) {
    let mut arrows: Vec<Arrow> = Vec::new();
    for (from, to) in edges(&table.states, dice) {
        match arrows.iter_mut().find(|arrow| arrow.target == Some(to)) {
            Some(arrow) if dice.percent(40) => arrow.named.push(from),
            _ => arrows.push(Arrow { any: false, named: vec![from], guard: None, target: Some(to) }),
        }
    }
    (0..dice.below(5)).for_each(|_| arrows.push(extra(&table.states, dice)));
    dice.shuffle(&mut arrows);
    for mut arrow in arrows {
        arrow.named.sort_unstable();
        arrow.named.dedup();
        place(table, arrow, dice);
    }
}

/// A self transition, an internal one, or one from everywhere.
fn extra(states: &[State], dice: &mut Dice) -> Arrow {
    let lasting: Vec<usize> = (0..states.len()).filter(|state| !states[*state].terminal).collect();
    let terminal: Vec<usize> = (0..states.len()).filter(|state| states[*state].terminal).collect();
    let state = dice.pick(&lasting);
    let arrow = |any, named, target| Arrow { any, named, guard: None, target };
    match dice.below(5) {
        0 => arrow(false, vec![state], Some(state)),
        1 => arrow(false, vec![state], None),
        2 => arrow(true, vec![], None),
        3 if !terminal.is_empty() => arrow(true, vec![dice.pick(&terminal)], None),
        _ => arrow(true, vec![], Some(dice.below(states.len()))),
    }
}

/// Gives an arrow to a method that can have it: no arrow may be hidden by those before it.
fn place(table: &mut Table, arrow: Arrow, dice: &mut Dice) {
    for _attempt in 0..3 {
        if table.methods.is_empty() || (table.methods.len() < METHODS.len() && dice.percent(55)) {
            break;
        }
        let method = dice.below(table.methods.len());
        let takes = table.methods[method].takes;
        let arrow = Arrow { guard: perhaps(&table.guards, takes, 70, dice), ..arrow.clone() };
        if fits(&table.methods[method], &arrow, &table.states) {
            return table.methods[method].arrows.push(arrow);
        }
    }
    let mut method = method(table, dice);
    let guard = perhaps(&table.guards, method.takes, 50, dice);
    method.arrows.push(Arrow { guard, ..arrow });
    table.methods.push(method);
}

/// Whether in each of its states some answers of the guards are left to the arrow by those before it.
fn fits(method: &Method, arrow: &Arrow, states: &[State]) -> bool {
    let left = |state: &usize| {
        let before = || method.arrows.iter().filter(|other| other.sources(states).contains(state));
        (0..1 << GUARDS).any(|answers| arrow.holds(answers) && !before().any(|other| other.holds(answers)))
    };
    method.arrows.len() < 4 && arrow.sources(states).iter().all(left)
}

fn method(table: &Table, dice: &mut Dice) -> Method {
    let answers = dice.pick(&[Answers::Nothing, Answers::Number, Answers::Result, Answers::Result]);
    // More names than are ever needed: an arrow that finds no method gets one of its own.
    let name = METHODS.get(table.methods.len()).copied().unwrap_or_else(|| later(table.methods.len()));
    Method {
        name,
        takes: dice.pick(&[Takes::Nothing, Takes::Nothing, Takes::Number, Takes::Reason]),
        answers,
        arrows: Vec::new(),
        fails: (answers == Answers::Result).then(|| dice.below(FLAGS)),
        moves: dice.percent(20).then(|| (dice.below(FLAGS), dice.below(table.states.len()))),
        is_async: table.all_async || dice.percent(20),
    }
}

fn later(place: usize) -> &'static str {
    const LATER: [&str; 12] =
        ["offer", "pack", "quit", "raise", "settle", "turn", "unite", "vouch", "weave", "yield_up", "zip", "affirm"];
    LATER[place - METHODS.len()]
}

/// An expression over the guards that a method with these arguments can ask; one whose answer is always the same does not
/// compile.
fn perhaps(guards: &[Guard], takes: Takes, percent: usize, dice: &mut Dice) -> Option<Expression> {
    let usable: Vec<usize> =
        (0..guards.len()).filter(|guard| guards[*guard].kind != Kind::Numbered || takes == Takes::Number).collect();
    if usable.is_empty() || !dice.percent(percent) {
        return None;
    }
    loop {
        let drawn = expression(guards, &usable, 2, dice);
        let rows = 0..1_usize << guards.len();
        let holds = rows.clone().filter(|row| truth(&drawn, *row)).count();
        if holds > 0 && holds < rows.len() {
            return Some(drawn);
        }
    }
}

/// What the guards say together, where each says its bit of `row`.
fn truth(expression: &Expression, row: usize) -> bool {
    match expression {
        Expression::Guard(guard) => row >> guard & 1 == 1,
        Expression::Not(guard) => row >> guard & 1 == 0,
        Expression::All(parts) => parts.iter().all(|part| truth(part, row)),
        Expression::Any(parts) => parts.iter().any(|part| truth(part, row)),
    }
}

fn expression(guards: &[Guard], usable: &[usize], depth: usize, dice: &mut Dice) -> Expression {
    let guard = dice.pick(usable);
    let parts = |dice: &mut Dice| (0..2 + dice.below(2)).map(|_| expression(guards, usable, depth - 1, dice)).collect();
    match dice.below(if depth == 0 { 4 } else { 8 }) {
        4 | 5 => Expression::All(parts(dice)),
        6 | 7 => Expression::Any(parts(dice)),
        0 if guards[guard].kind != Kind::Reasoned => Expression::Not(guard),
        _ => Expression::Guard(guard),
    }
}

fn hooks(table: &mut Table, dice: &mut Dice) {
    let arrows: Vec<Arrow> = table.methods.iter().flat_map(|method| method.arrows.clone()).collect();
    let mut entered: Vec<usize> = arrows.iter().filter_map(|arrow| arrow.target).collect();
    let leaving = arrows.iter().filter(|arrow| arrow.target.is_some());
    let mut left: Vec<usize> = leaving.flat_map(|arrow| arrow.sources(&table.states)).collect();
    for states in [&mut entered, &mut left] {
        states.sort_unstable();
        states.dedup();
    }
    for _ in 0..dice.below(6) {
        let when = match dice.below(5) {
            0 | 1 => When::Enter(some(&entered, dice)),
            2 | 3 => When::Exit(some(&left, dice)),
            _ => When::Always,
        };
        let calls: Vec<usize> = (0..table.methods.len()).filter(|method| table.can_follow(*method)).collect();
        let follows = matches!(when, When::Enter(_)) && !table.all_async && !calls.is_empty() && dice.percent(60);
        let follow = follows.then(|| (dice.below(FLAGS), dice.pick(&calls)));
        table.hooks.push(Hook { when, mutable: follows || dice.percent(50), follow });
    }
}

fn some(among: &[usize], dice: &mut Dice) -> Vec<usize> {
    let mut states: Vec<usize> = (0..1 + dice.below(3)).map(|_| dice.pick(among)).collect();
    states.sort_unstable();
    states.dedup();
    states
}
