//! Logs as XES (IEEE 1849): traces of events, each with attributes.

use std::{borrow::Cow, io::BufRead, mem};

use quick_xml::{
    Error, Reader, XmlVersion,
    errors::SyntaxError,
    events::{BytesStart, Event},
};

use super::{LogError, LogErrorKind, LogMap, input::Bounded, time};
use crate::{conformance::Conformance, timestamp::Timestamp};

/// Feeds an XES to a check: one trace is one case. gzip is recognised by its first bytes.
///
/// Of a trace its `concept:name` is read, of an event `concept:name` and `time:timestamp`, or what the map calls them;
/// everything else is ignored, also `lifecycle:transition`: a log with several events for one step is filtered before. A
/// trace without a name is called `#1`, `#2` and so on. A trace ends its case, so that nothing of it stays in memory.
///
/// # Errors
/// A [`LogError`] with line and offset; the events before it are counted in `check`. Every cut is noticed.
pub fn read_xes(input: impl BufRead, map: &LogMap, check: &mut Conformance) -> Result<(), LogError> {
    let input = Bounded::open(input).map_err(|error| LogErrorKind::from(error).at(None, None))?;
    let mut reader = Reader::from_reader(input);
    reader.config_mut().expand_empty_elements = true;
    let mut walk = Walk::new(map, check);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        reader.get_mut().mark();
        let outcome = match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return walk.end().map_err(|kind| located(kind, &reader)),
            Ok(event) => walk.take(&event),
            Err(error) => Err(error.into()),
        };
        outcome.map_err(|kind| located(kind, &reader))?;
    }
}

fn located(kind: LogErrorKind, reader: &Reader<Bounded<'_>>) -> LogError {
    kind.at(Some(reader.get_ref().line()), Some(reader.buffer_position()))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Before,
    Log,
    Trace,
    Event,
    After,
}

struct Walk<'a> {
    map: &'a LogMap,
    check: &'a mut Conformance,
    level: Level,
    /// How many elements that are of no interest are open.
    ignored: u64,
    traces: u64,
    case: String,
    begun: bool,
    activity: Option<String>,
    at: Option<Timestamp>,
}

impl<'a> Walk<'a> {
    fn new(map: &'a LogMap, check: &'a mut Conformance) -> Self {
        Self {
            map,
            check,
            level: Level::Before,
            ignored: 0,
            traces: 0,
            case: String::new(),
            begun: false,
            activity: None,
            at: None,
        }
    }

    fn take(&mut self, event: &Event<'_>) -> Result<(), LogErrorKind> {
        match event {
            Event::Start(_) if self.ignored > 0 => self.ignored += 1,
            Event::Start(element) => return self.open(element),
            Event::End(_) if self.ignored > 0 => self.ignored -= 1,
            Event::End(_) => return self.close(),
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, element: &BytesStart<'_>) -> Result<(), LogErrorKind> {
        let name = element.local_name();
        match (self.level, name.as_ref()) {
            (Level::Before, "log") => self.level = Level::Log,
            (Level::Before, other) => return Err(LogErrorKind::NotXes(other.to_owned())),
            (Level::After, _) => return Err(LogErrorKind::Xml("something follows the log".to_owned())),
            (Level::Log, "trace") => {
                self.level = Level::Trace;
                self.traces += 1;
                self.begun = false;
                self.case = format!("#{}", self.traces);
            }
            (Level::Log, "event") => {
                return Err(LogErrorKind::Misplaced("an event outside of a trace has no case".to_owned()));
            }
            (Level::Trace, "event") => (self.level, self.begun) = (Level::Event, true),
            (level, _) => {
                self.ignored = 1;
                return self.attribute(level, element);
            }
        }
        Ok(())
    }

    fn attribute(&mut self, level: Level, element: &BytesStart<'_>) -> Result<(), LogErrorKind> {
        let key = value(element, "key")?.unwrap_or_default();
        let named = |name: &Option<String>, standard: &str| name.as_deref().unwrap_or(standard) == key;
        if level == Level::Trace && named(&self.map.case, "concept:name") {
            if self.begun {
                let what = format!("the `{key}` of a trace stands behind its events: put it in front");
                return Err(LogErrorKind::Misplaced(what));
            }
            self.case = required(element, &key)?;
        }
        if level == Level::Event && named(&self.map.activity, "concept:name") {
            self.activity = Some(required(element, &key)?);
        }
        if level == Level::Event && named(&self.map.time, "time:timestamp") {
            self.at = Some(time::parse(&required(element, &key)?)?);
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), LogErrorKind> {
        self.level = match self.level {
            Level::Event => {
                let wanted = || self.map.activity.clone().unwrap_or_else(|| "concept:name".to_owned());
                let activity = mem::take(&mut self.activity).ok_or_else(|| LogErrorKind::MissingValue(wanted()))?;
                self.check.feed(&self.case, &activity, mem::take(&mut self.at));
                Level::Trace
            }
            Level::Trace => {
                self.check.end_case(&self.case);
                Level::Log
            }
            _ => Level::After,
        };
        Ok(())
    }

    fn end(&self) -> Result<(), LogErrorKind> {
        match self.level {
            Level::After => Ok(()),
            Level::Before => Err(LogErrorKind::Xml("there is no `log` in it".to_owned())),
            _ => Err(LogErrorKind::CutShort),
        }
    }
}

fn required(element: &BytesStart<'_>, key: &str) -> Result<String, LogErrorKind> {
    let value = value(element, "value")?.ok_or_else(|| LogErrorKind::MissingValue(key.to_owned()))?;
    Ok(value.into_owned())
}

fn value<'a>(element: &'a BytesStart<'_>, name: &str) -> Result<Option<Cow<'a, str>>, LogErrorKind> {
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| LogErrorKind::Xml(error.to_string()))?;
        if attribute.key.as_ref() == name {
            return Ok(Some(attribute.normalized_value(XmlVersion::Implicit1_0)?));
        }
    }
    Ok(None)
}

impl From<Error> for LogErrorKind {
    fn from(error: Error) -> Self {
        match error {
            Error::Io(error) => match error.kind() {
                std::io::ErrorKind::UnexpectedEof => Self::CutShort,
                std::io::ErrorKind::FileTooLarge => Self::TooLong,
                _ => Self::Unreadable(std::io::Error::new(error.kind(), error)),
            },
            Error::Syntax(SyntaxError::InvalidBangMarkup) => {
                Self::Xml("an unknown `<!`, or the log ends here".to_owned())
            }
            Error::Syntax(_) => Self::CutShort,
            Error::Encoding(_) => Self::NotUtf8,
            other => Self::Xml(other.to_string()),
        }
    }
}
