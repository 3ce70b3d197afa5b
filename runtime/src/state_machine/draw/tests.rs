//! The texts, and whether their readers could read them.

use crate::state_machine::{Graph, StateNode, samples::graph};

const NODES: &str = "Pending=pending:i Paid=paid Shipped=shipped:t Cancelled=cancelled:t Lost=lost:t";
const RULES: &str = "pay Pending => Paid\nship Paid => Shipped\ncancel Pending | Paid => Cancelled";

fn lines(text: &str) -> Vec<&str> {
    assert!(text.ends_with('\n'));
    text.lines().collect()
}

/// Whether the lines are of the few forms that a state diagram is made of here, and each id is one word.
fn check_mermaid(text: &str) {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("stateDiagram-v2"));
    for line in lines {
        let line = line.strip_prefix("    ").unwrap();
        if let Some(declared) = line.strip_prefix("state \"") {
            let (name, id) = declared.split_once("\" as ").unwrap();
            assert!(!name.contains('"') && is_word(id), "{line}");
            continue;
        }
        let (ids, label) = line.split_once(" : ").unwrap_or((line, ""));
        assert!(!label.contains([':', '"', '\n', '%']), "{line}");
        assert!(label.split('#').skip(1).all(|entity| entity.contains(';')), "{line}");
        assert_eq!(label.matches('#').count(), label.matches(';').count(), "{line}");
        assert!(ids.split(" --> ").all(|id| id == "[*]" || is_word(id)), "{line}");
    }
}

fn is_word(id: &str) -> bool {
    id.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
        && !["state", "end", "note", "default", "class"].contains(&id.to_lowercase().as_str())
}

#[test]
fn the_text_is_exact() {
    let order = graph("Order", NODES, RULES);
    let expected = [
        "stateDiagram-v2",
        "    [*] --> pending",
        "    lost",
        "    pending --> paid : pay",
        "    paid --> shipped : ship",
        "    pending --> cancelled : cancel",
        "    paid --> cancelled : cancel",
        "",
    ];
    assert_eq!(order.to_mermaid(), expected.join("\n"));
    check_mermaid(&order.to_mermaid());
}

#[test]
fn from_any_state_is_in_the_order_of_the_enum_and_from_no_terminal_one() {
    let order = graph("Order", "B=b:i A=a Z=z:t", "go B => A\nend A => Z\nreset _ => B");
    let expected = ["b --> a : go", "a --> z : end", "b --> b : reset", "a --> b : reset"];
    assert_eq!(lines(&order.to_mermaid())[2..].iter().map(|line| line.trim()).collect::<Vec<_>>(), expected);
}

#[test]
fn sources_stand_as_written_and_a_line_stands_once_if_it_can_be_taken() {
    let order = graph("Order", "A:i B C:t", "go B | A if x => C\ngo A if y => C\nto A => B\nto B | _ => C");
    let plain = ["B --> C : go", "A --> C : go", "A --> B : to", "B --> C : to"];
    assert_eq!(lines(&order.to_mermaid())[2..].iter().map(|line| line.trim()).collect::<Vec<_>>(), plain);
    let full = order.mermaid().guards().to_string();
    assert!(full.contains("    B --> C : go [x]\n    A --> C : go [x]\n    A --> C : go [y]\n"), "{full}");
}

#[test]
fn guards_ends_and_what_happens_inside_are_shown_on_demand() {
    let rules = "pay Pending if covers_total => Paid\nship Paid if in_stock && !held => Shipped\nnote _ | Lost => _";
    let order = graph("Order", "Pending=pending:i Paid=paid Shipped=shipped:t Lost=lost:t", rules);
    let full = order.mermaid().guards().terminals().internals().to_string();
    let expected = [
        "stateDiagram-v2",
        "    [*] --> pending",
        "    pending --> paid : pay [covers_total]",
        "    paid --> shipped : ship [in_stock && !held]",
        "    shipped --> [*]",
        "    lost --> [*]",
        "    pending : note",
        "    paid : note",
        "    lost : note",
    ];
    assert_eq!(lines(&full), expected);
    check_mermaid(&full);
    let internals = order.mermaid().internals().to_string();
    assert!(!internals.contains("[*]\n") && !internals.contains("covers") && internals.contains("lost : note"));
    assert!(order.to_mermaid().contains("\n    lost\n"), "a state is drawn even if nothing drawn leads to it");
}

#[test]
fn odd_names_are_declared_under_others() {
    let mut odd = graph("Odd", "A=in_transit:i B=end C=State D=s1 E=größe F=2nd:t", "go _ => F\nback A => B");
    odd.states.to_mut()[0].name = "in \"transit\"; or: #1 <b> %%".into();
    let text = odd.mermaid().terminals().to_string();
    let expected = [
        "stateDiagram-v2",
        "    [*] --> s0",
        "    state \"in #quot;transit#quot;#59; or#58; #35;1 #lt;b#gt; #37;#37;\" as s0",
        "    state \"end\" as s1_",
        "    state \"State\" as s2",
        "    state \"2nd\" as s5",
        "    s0 --> s5 : go",
        "    s1_ --> s5 : go",
        "    s2 --> s5 : go",
        "    s1 --> s5 : go",
        "    größe --> s5 : go",
        "    s0 --> s1_ : back",
        "    s5 --> [*]",
    ];
    assert_eq!(lines(&text), expected);
    check_mermaid(&text);
}

#[test]
fn labels_of_a_foreign_graph_do_not_break_out() {
    let mut foreign = graph("Foreign", "A:i B:t", "go A if x => B");
    let edge = &mut foreign.edges.to_mut()[0];
    (edge.transition, edge.guard) = ("ship: now; \"fast\"".into(), Some("a < b\n%% --> c".into()));
    let text = foreign.mermaid().guards().to_string();
    check_mermaid(&text);
    assert!(text.contains("A --> B : ship#58; now#59; #quot;fast#quot; [a #lt; b #37;#37; --#gt; c]"), "{text}");
    assert!(foreign.to_dot().contains(r#"[label="ship: now; \"fast\""]"#));
}

#[test]
fn an_edge_that_names_no_state_is_not_drawn() {
    let text = graph("Order", "A:i B:t", "go A => B\nlose A => Z\nfind Z => B").to_mermaid();
    assert_eq!(lines(&text), ["stateDiagram-v2", "    [*] --> A", "    A --> B : go"]);
}

#[test]
fn dot_has_a_start_and_double_borders() {
    let expected = [
        "digraph \"Order.payment\" {",
        "    rankdir=LR;",
        "    node [shape=box];",
        "    \"\" [shape=point];",
        "    \"pending\";",
        "    \"start\" [peripheries=2];",
        "    \"\" -> \"pending\";",
        "    \"pending\" -> \"start\" [label=\"pay\"];",
        "    \"pending\" -> \"pending\" [label=\"again\"];",
        "}",
    ];
    let rules = "pay Pending if a => Start\npay Pending if b => Start\nagain Pending => Pending\nnote _ => _";
    assert_eq!(lines(&graph("Order.payment", "Pending=pending:i Start=start:t", rules).to_dot()), expected);
}

#[test]
fn dot_escapes_quotes_and_backslashes() {
    let mut odd = graph("O", "A:i B:t", "go A => B");
    odd.states.to_mut()[0] = StateNode { name: "a\"\\\n".into(), ..odd.states[0].clone() };
    assert!(odd.to_dot().contains(r#"    "a\"\\ ";"#), "{}", odd.to_dot());
}

#[test]
fn a_graph_of_nothing_is_drawn_too() {
    let nothing = Graph { machine: "N".into(), states: vec![].into(), edges: vec![].into() };
    assert_eq!(nothing.to_mermaid(), "stateDiagram-v2\n");
    assert!(nothing.to_dot().ends_with("}\n"));
}
