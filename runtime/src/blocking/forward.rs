//! The list of what is forwarded, written as the signatures of the async methods.

/// Forwards each method to the one of the same name of `self.inner`. Generic parameters and bounds stand in brackets.
///
/// | line | calls |
/// |---|---|
/// | `async fn get(&mut self, id: E::Id) -> Result<E, Error>;` | and waits for the answer |
/// | `fn attempt(&self) -> u32;` | and answers what it answers |
/// | `with fn limit(self, rows: u64);` | and goes on with the answer as `self.inner` |
macro_rules! forward {
    ($of:path;) => {};
    ($of:path; async fn $name:ident $([$($generic:ident $(: $kind:ident)?),*])? (&mut self $(, $arg:ident: $type:ty)*) -> $answer:ty
     $(where [$($bound:tt)*])?; $($rest:tt)*) => {
        #[doc = forward!(@doc $of, $name)]
        pub fn $name $(<$($generic $(: $kind)?),*>)? (&mut self $(, $arg: $type)*) -> $answer $(where $($bound)*)? {
            self.on.wait(self.inner.$name$(::<$($generic),*>)?($($arg),*))
        }
        forward! { $of; $($rest)* }
    };
    ($of:path; async fn $name:ident $([$($generic:ident $(: $kind:ident)?),*])? (&self $(, $arg:ident: $type:ty)*) -> $answer:ty;
     $($rest:tt)*) => {
        #[doc = forward!(@doc $of, $name)]
        pub fn $name $(<$($generic $(: $kind)?),*>)? (&self $(, $arg: $type)*) -> $answer {
            self.on.wait(self.inner.$name$(::<$($generic),*>)?($($arg),*))
        }
        forward! { $of; $($rest)* }
    };
    ($of:path; async fn $name:ident $([$($generic:ident $(: $kind:ident)?),*])? (self $(, $arg:ident: $type:ty)*) -> $answer:ty
     $(where [$($bound:tt)*])?; $($rest:tt)*) => {
        #[doc = forward!(@doc $of, $name)]
        pub fn $name $(<$($generic $(: $kind)?),*>)? (self $(, $arg: $type)*) -> $answer $(where $($bound)*)? {
            self.on.wait(self.inner.$name$(::<$($generic),*>)?($($arg),*))
        }
        forward! { $of; $($rest)* }
    };
    ($of:path; fn $name:ident $([$($generic:ident $(: $kind:ident)?),*])? (&mut self $(, $arg:ident: $type:ty)*) $(-> $answer:ty)?;
     $($rest:tt)*) => {
        #[doc = forward!(@doc $of, $name)]
        pub fn $name $(<$($generic $(: $kind)?),*>)? (&mut self $(, $arg: $type)*) $(-> $answer)? {
            self.inner.$name$(::<$($generic),*>)?($($arg),*)
        }
        forward! { $of; $($rest)* }
    };
    ($of:path; fn $name:ident $([$($generic:ident $(: $kind:ident)?),*])? (&self $(, $arg:ident: $type:ty)*) -> $answer:ty;
     $($rest:tt)*) => {
        #[doc = forward!(@doc $of, $name)]
        #[must_use]
        pub fn $name $(<$($generic $(: $kind)?),*>)? (&self $(, $arg: $type)*) -> $answer {
            self.inner.$name$(::<$($generic),*>)?($($arg),*)
        }
        forward! { $of; $($rest)* }
    };
    ($of:path; with fn $name:ident $([$($generic:ident $(: $kind:ident)?),*])? (self $(, $arg:ident: $type:ty)*); $($rest:tt)*) => {
        #[doc = forward!(@doc $of, $name)]
        #[must_use = "go on with what it answers"]
        pub fn $name $(<$($generic $(: $kind)?),*>)? (mut self $(, $arg: $type)*) -> Self {
            self.inner = self.inner.$name$(::<$($generic),*>)?($($arg),*);
            self
        }
        forward! { $of; $($rest)* }
    };
    (@doc $of:path, $name:ident) => {
        concat!("As [`", stringify!($name), "`](crate::", stringify!($of), "::", stringify!($name), ") of the async form.")
    };
}
pub(super) use forward;
