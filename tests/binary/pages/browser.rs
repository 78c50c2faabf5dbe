//! A browser without a window, driven over its debugging protocol through two named pipes.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tempfile::TempDir;

/// What a page did while it was loaded and used.
#[derive(Debug, Default)]
pub struct Seen {
    /// Errors and warnings on the console, exceptions, and what the page's own policy forbade.
    pub complaints: Vec<String>,
    /// Addresses that were asked for, the page itself included.
    pub requests: Vec<String>,
}

/// One browser at a time: several at once want more memory and processors than a small machine has.
static ONE: Mutex<()> = Mutex::new(());

/// A browser with one page.
pub struct Browser {
    child: Child,
    commands: File,
    answers: BufReader<File>,
    session: String,
    next: u64,
    seen: Seen,
    events: VecDeque<Value>,
    _folder: TempDir,
    _only: MutexGuard<'static, ()>,
}

impl Browser {
    /// Starts the browser, with a profile of its own that is gone afterwards.
    pub fn start(program: &Path) -> Browser {
        let only = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().unwrap();
        let pipe = |name: &str| {
            let path = folder.path().join(name);
            assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
            path
        };
        let (commands, answers) = (pipe("commands"), pipe("answers"));
        // The shell gives the browser the pipes as its files 3 and 4, which is where it looks for them.
        let child = Command::new("sh")
            .arg("-c")
            .arg("exec \"$0\" \"$@\" 3<\"$COMMANDS\" 4>\"$ANSWERS\"")
            .arg(program)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .arg("about:blank")
            .env("COMMANDS", &commands)
            .env("ANSWERS", &answers)
            .env("HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // In the order in which the shell opens them.
        let commands = OpenOptions::new().write(true).open(commands).unwrap();
        let answers = BufReader::new(File::open(answers).unwrap());
        let mut browser = Browser {
            child,
            commands,
            answers,
            session: String::new(),
            next: 0,
            seen: Seen::default(),
            events: VecDeque::new(),
            _folder: folder,
            _only: only,
        };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        browser.session = browser.call("Target.attachToTarget", attach)["sessionId"].as_str().unwrap().to_string();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Loads a file, in a window of this width, and waits until it is there.
    pub fn open(&mut self, file: &Path, width: u32) {
        self.resize(width);
        self.seen = Seen::default();
        self.events.clear();
        self.call("Page.navigate", json!({ "url": format!("file://{}", file.display()) }));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let message = self.receive();
            self.note(message);
        }
    }

    /// Gives the window a width.
    pub fn resize(&mut self, width: u32) {
        let metrics = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// Light, dark or print.
    pub fn media(&mut self, media: &str, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", json!({ "media": media, "features": features }));
    }

    /// The value of an expression in the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", asked);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}\n{answer}");
        answer["result"]["value"].clone()
    }

    /// A picture of the whole page (PNG) or its print (PDF), in base64.
    pub fn picture(&mut self, is_print: bool) -> String {
        let (command, parameters) = match is_print {
            true => ("Page.printToPDF", json!({ "preferCSSPageSize": true, "printBackground": true })),
            false => ("Page.captureScreenshot", json!({ "captureBeyondViewport": false })),
        };
        self.call(command, parameters)["data"].as_str().unwrap().to_string()
    }

    /// What the page did up to now.
    pub fn seen(&mut self) -> &Seen {
        // An answer comes after everything that happened before it.
        self.value("new Promise((done) => setTimeout(() => done(0), 50))");
        &self.seen
    }

    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.next += 1;
        let id = self.next;
        let mut message = json!({ "id": id, "method": method, "params": parameters });
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        self.commands.write_all(message.to_string().as_bytes()).unwrap();
        self.commands.write_all(&[0]).unwrap();
        loop {
            let answer = self.receive();
            if answer["id"] == id {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].clone();
            }
            self.note(answer);
        }
    }

    fn receive(&mut self) -> Value {
        let mut bytes = Vec::new();
        self.answers.read_until(0, &mut bytes).unwrap();
        assert_eq!(bytes.pop(), Some(0), "the browser is gone");
        serde_json::from_slice(&bytes).unwrap()
    }

    fn note(&mut self, event: Value) {
        let parameters = &event["params"];
        match event["method"].as_str() {
            Some("Runtime.exceptionThrown" | "Log.entryAdded") => self.seen.complaints.push(parameters.to_string()),
            Some("Runtime.consoleAPICalled") => self.seen.complaints.push(parameters.to_string()),
            Some("Network.requestWillBeSent") => {
                self.seen.requests.push(parameters["request"]["url"].as_str().unwrap_or_default().to_string());
            }
            _ => {}
        }
        self.events.push_back(event);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
