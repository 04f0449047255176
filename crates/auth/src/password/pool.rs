//! The threads that hash: as many as may run at once, at the lowest priority,
//! each with one block of memory that it uses again and again, behind a bounded
//! queue. What waits for a client that has gone is skipped, what does not fit
//! is refused at once: no burst of log-ins takes more memory or time (RES-01).

use std::{
    collections::VecDeque,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::sync::oneshot;

use super::{
    cost::Cost,
    hash_error::HashError,
    memory::{Memory, Runs},
};

/// Jobs that may wait per thread, about one second of work.
const QUEUE_PER_THREAD: usize = 32;
/// How long a thread without work keeps its memory, and then the allocator.
const IDLE: Duration = Duration::from_secs(5);
/// The lowest priority: pages that hash nothing come first.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 19;

/// The present work of the threads, and their counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashingState {
    /// Threads that hash now.
    pub running: u64,
    /// Jobs that wait for a thread.
    pub waiting: u64,
    /// Most jobs that may wait.
    pub capacity: u64,
    /// Jobs that were refused because as many were waiting.
    pub refused: u64,
    /// Runs of Argon2.
    pub runs: u64,
}

type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// The threads and their queue. Dropping it waits for the runs in progress.
pub(super) struct Pool {
    queue: Arc<Queue>,
    runs: Arc<Runs>,
    threads: Vec<JoinHandle<()>>,
}

impl Pool {
    /// Starts `threads` threads, which hold memory for runs of `cost` while busy.
    pub(super) fn start(threads: usize, cost: Cost) -> io::Result<Self> {
        let queue = Arc::new(Queue::new(threads.saturating_mul(QUEUE_PER_THREAD)));
        let mut pool = Self { queue, runs: Arc::default(), threads: Vec::with_capacity(threads) };
        for _ in 0..threads {
            let queue = Arc::clone(&pool.queue);
            let memory = Memory::new(cost, Arc::clone(&pool.runs));
            let thread = thread::Builder::new().name("password".to_owned());
            pool.threads.push(thread.spawn(move || work(&queue, memory))?);
        }
        Ok(pool)
    }

    /// The runs so far.
    pub(super) fn runs(&self) -> &Runs {
        &self.runs
    }

    /// The present work of the threads, and their counts.
    pub(super) fn state(&self) -> HashingState {
        HashingState {
            running: self.queue.running.load(Ordering::Relaxed),
            waiting: self.queue.lock().jobs.len() as u64,
            capacity: self.queue.capacity as u64,
            refused: self.queue.refused.load(Ordering::Relaxed),
            runs: self.runs.count.load(Ordering::Relaxed),
        }
    }

    /// Queues `job` at once and gives its answer when a thread has run it; dropping
    /// the answer before that takes the job back.
    pub(super) fn run<T, J>(&self, job: J) -> impl Future<Output = Result<T, HashError>> + use<T, J>
    where
        T: Send + 'static,
        J: FnOnce(&mut Memory) -> Result<T, HashError> + Send + 'static,
    {
        let (answer, waiting) = oneshot::channel();
        let pushed = self.queue.push(Box::new(move |memory| {
            if !answer.is_closed() {
                let _ = answer.send(job(memory));
            }
        }));
        async move {
            pushed?;
            waiting.await.unwrap_or(Err(HashError::Internal))
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// The jobs that wait, first come first served.
struct Queue {
    state: Mutex<QueueState>,
    changed: Condvar,
    capacity: usize,
    running: AtomicU64,
    refused: AtomicU64,
}

#[derive(Default)]
struct QueueState {
    jobs: VecDeque<Job>,
    is_closed: bool,
}

/// The next step of a thread.
enum Next {
    Run(Job),
    Rest,
    Stop,
}

impl Queue {
    fn new(capacity: usize) -> Self {
        Self {
            state: Mutex::default(),
            changed: Condvar::new(),
            capacity,
            running: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    fn push(&self, job: Job) -> Result<(), HashError> {
        let mut state = self.lock();
        if state.jobs.len() >= self.capacity {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return Err(HashError::BUSY);
        }
        state.jobs.push_back(job);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for a job, or until the queue closes, or for `patience` if there is one.
    fn next(&self, patience: Option<Duration>) -> Next {
        let is_idle = |state: &mut QueueState| state.jobs.is_empty() && !state.is_closed;
        let state = self.lock();
        let mut state = if let Some(patience) = patience {
            let waited = self.changed.wait_timeout_while(state, patience, is_idle);
            waited.unwrap_or_else(PoisonError::into_inner).0
        } else {
            let waited = self.changed.wait_while(state, is_idle);
            waited.unwrap_or_else(PoisonError::into_inner)
        };
        match state.jobs.pop_front() {
            _ if state.is_closed => Next::Stop,
            Some(job) => Next::Run(job),
            None => Next::Rest,
        }
    }

    fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The life of one thread. A job that panics drops its answer, which its client
/// sees as [`HashError::Internal`].
fn work(queue: &Queue, mut memory: Memory) {
    yield_to_other_threads();
    loop {
        let patience = (!memory.is_released()).then_some(IDLE);
        match queue.next(patience) {
            Next::Run(job) => {
                queue.running.fetch_add(1, Ordering::Relaxed);
                if catch_unwind(AssertUnwindSafe(|| job(&mut memory))).is_err() {
                    tracing::error!("a password hash panicked");
                }
                queue.running.fetch_sub(1, Ordering::Relaxed);
                memory.trim();
            }
            Next::Rest => memory.release(),
            Next::Stop => return,
        }
    }
}

/// Lowers the priority of the calling thread; elsewhere than on Linux the call
/// would mean the whole process.
fn yield_to_other_threads() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "the priority of a hashing thread could not be lowered");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const CHEAP: Cost = Cost { memory_kib: 8, iterations: 1, parallelism: 1 };

    /// A pool with one thread, which waits until the sender is dropped.
    fn held_up_pool() -> (Pool, mpsc::Sender<()>) {
        let pool = Pool::start(1, CHEAP).unwrap();
        let (release, released) = mpsc::channel::<()>();
        let (started, has_started) = mpsc::channel();
        let holding = pool.run(move |_| {
            started.send(()).unwrap();
            let _ = released.recv();
            Ok(())
        });
        has_started.recv().unwrap();
        drop(holding);
        (pool, release)
    }

    /// LOG-09, RES-01.
    #[tokio::test]
    async fn what_does_not_fit_into_the_queue_is_refused_at_once() {
        let (pool, release) = held_up_pool();

        let waiting: Vec<_> = (0..QUEUE_PER_THREAD).map(|n| pool.run(move |_| Ok(n))).collect();
        let refused = pool.run(|_| Ok(())).await;
        let (seen, jobs) = (pool.state(), QUEUE_PER_THREAD as u64);
        drop(release);

        assert_eq!(refused, Err(HashError::Busy { retry_after: Duration::from_secs(1) }));
        let state = HashingState { waiting: jobs, capacity: jobs, running: 1, refused: 1, runs: 0 };
        assert_eq!(seen, state);
        for (n, answer) in waiting.into_iter().enumerate() {
            assert_eq!(answer.await, Ok(n));
        }
    }

    #[tokio::test]
    async fn a_job_whose_client_has_gone_is_skipped() {
        let (pool, release) = held_up_pool();
        let was_run = Arc::new(AtomicU64::new(0));

        let counter = Arc::clone(&was_run);
        let abandoned = pool.run(move |_| Ok(counter.fetch_add(1, Ordering::Relaxed)));
        drop(abandoned);
        drop(release);

        assert_eq!(pool.run(|_| Ok(())).await, Ok(()));
        assert_eq!(was_run.load(Ordering::Relaxed), 0);
    }

    /// LOG-09.
    #[tokio::test]
    async fn a_panic_is_an_error_and_the_thread_goes_on() {
        let pool = Pool::start(1, CHEAP).unwrap();

        let answer = pool.run(|_| -> Result<(), HashError> { panic!("as the test wants") }).await;

        assert_eq!(answer, Err(HashError::Internal));
        assert_eq!(pool.run(|_| Ok("alive")).await, Ok("alive"));
    }

    #[test]
    fn the_threads_end_with_the_pool() {
        let pool = Pool::start(3, CHEAP).unwrap();
        let queue = Arc::downgrade(&pool.queue);

        drop(pool);

        assert_eq!(queue.strong_count(), 0);
    }

    #[test]
    fn a_thread_without_work_is_told_to_rest() {
        let queue = Queue::new(1);
        assert!(matches!(queue.next(Some(Duration::ZERO)), Next::Rest));

        queue.push(Box::new(|_| ())).unwrap();
        assert!(matches!(queue.next(Some(Duration::ZERO)), Next::Run(_)));

        queue.close();
        assert!(matches!(queue.next(None), Next::Stop));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn hashing_threads_have_the_lowest_priority_and_others_keep_theirs() {
        let priority = || rustix::process::getpriority_process(None).map_err(|_| HashError::BUSY);
        let before = priority();
        let pool = Pool::start(1, CHEAP).unwrap();

        assert_eq!(pool.run(move |_| priority()).await, Ok(NICENESS));
        assert_eq!(priority(), before);
    }
}
