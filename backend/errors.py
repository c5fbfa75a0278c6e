"""Everything that can go wrong in the service itself, as one tree.

    BackendError
    ├── Unforeseen          internal              something broke that nobody thought of
    ├── BadRequest          bad_request           not JSON, a field missing, unknown or of the wrong kind
    ├── RequestTooLong      request_too_long      more bytes than are read
    ├── ProtocolMismatch    protocol_mismatch     client and backend speak different major versions
    ├── JobUnknown          job_unknown           no job of that id
    ├── JobConflict         job_conflict          another job has that id
    ├── JobUnreadable       job_unreadable        what is kept of a job cannot be read, so it is not made
    ├── ShuttingDown        shutting_down         no new jobs are taken any more
    ├── NotReplaced         not_replaced          another build is to end this backend, and may not
    ├── WorkerCrashed       worker_crashed        the worker died twice over the same job
    ├── WorkerHung          worker_hung           the worker made no progress, twice over the same job
    ├── WorkerUnavailable   worker_unavailable    the worker does not come up
    ├── BackendAbsent       backend_absent        none runs, and none may be started
    ├── BackendUnreachable  backend_unreachable   nothing answers
    ├── BackendRefused      backend_refused       something answers, but will not let us in
    ├── LicenceNotAccepted  licence_not_accepted  weights are not fetched before it is
    ├── PullFailed          pull_failed           the hub does not give what it published
    ├── ModelsBusy          models_busy           another command is changing the folder of weights
    ├── RecordUnreadable    record_unreadable     the record of the weights is damaged
    ├── WrongUsage          usage                 a command was typed wrongly
    └── Interrupted         interrupted           it is waited for jobs no longer

Codes are part of the protocol. `foley_core.errors` has the codes of what can go wrong with a cue.
"""

from __future__ import annotations

from foley_core.errors import Again, FoleyError, Told
from foley_core.errors import StateUnusable as StateUnusable  # the database may be a newer build's


class BackendError(FoleyError):
    """Base of all errors of this package."""


class Unforeseen(BackendError):
    """Something broke over the job that nobody thought of; worker.log in the log folder says what."""

    code = "internal"
    told = Told.BY_FAILED
    again = Again.CHANGED


class BadRequest(BackendError):
    """No JSON, or a field is missing, unknown, of the wrong kind, or holds what it may not."""

    code = "bad_request"
    told = Told.AT_ONCE | Told.BY_CLIENT
    again = Again.CHANGED


class RequestTooLong(BackendError):
    """The message has more bytes than one may have."""

    code = "request_too_long"
    told = Told.AT_ONCE
    again = Again.CHANGED


class ProtocolMismatch(BackendError):
    """Client and backend speak different major versions of the protocol."""

    code = "protocol_mismatch"
    told = Told.AT_ONCE | Told.BY_CLIENT
    again = Again.NO


class JobUnknown(BackendError):
    """There is no job of that id, or it was forgotten."""

    code = "job_unknown"
    told = Told.AT_ONCE
    again = Again.NO


class JobConflict(BackendError):
    """A job of that id is there, with another cue or other files."""

    code = "job_conflict"
    told = Told.AT_ONCE
    again = Again.CHANGED


class JobUnreadable(BackendError):
    """What is kept of the job is damaged, or of a version that knows more; it is never made."""

    code = "job_unreadable"
    told = Told.BY_FAILED
    again = Again.AS_IT_IS


class ShuttingDown(BackendError):
    """The backend takes no new jobs any more."""

    code = "shutting_down"
    told = Told.AT_ONCE
    again = Again.AS_IT_IS


class NotReplaced(BackendError):
    """A client would have another build in this backend's place, which is no newer, or not recorded."""

    code = "not_replaced"
    told = Told.AT_ONCE
    again = Again.NO


class WorkerCrashed(BackendError):
    """The worker died over the job, as often as it may."""

    code = "worker_crashed"
    told = Told.AT_ONCE | Told.BY_FAILED
    again = Again.CHANGED


class WorkerHung(BackendError):
    """The worker made no progress over the job, as often as it may."""

    code = "worker_hung"
    told = Told.BY_FAILED
    again = Again.CHANGED


class WorkerUnavailable(BackendError):
    """The worker does not come up."""

    code = "worker_unavailable"
    told = Told.AT_ONCE | Told.BY_FAILED
    again = Again.AS_IT_IS


class BackendAbsent(BackendError):
    """No backend runs, and the client may not start one."""

    code = "backend_absent"
    told = Told.BY_CLIENT
    again = Again.AS_IT_IS


class BackendUnreachable(BackendError):
    """Nothing answers."""

    code = "backend_unreachable"
    told = Told.BY_CLIENT
    again = Again.AS_IT_IS


class BackendRefused(BackendError):
    """Something answers, but will not let us in."""

    code = "backend_refused"
    told = Told.BY_CLIENT
    again = Again.AS_IT_IS


class LicenceNotAccepted(BackendError):
    """The licence of the weights must be accepted before they are fetched."""

    code = "licence_not_accepted"
    told = Told.BY_COMMAND
    again = Again.CHANGED


class PullFailed(BackendError):
    """Weights could not be fetched; what came of them is kept, and taken up again."""

    code = "pull_failed"
    told = Told.BY_COMMAND
    again = Again.AS_IT_IS


class ModelsBusy(BackendError):
    """One change of the folder of weights at a time."""

    code = "models_busy"
    told = Told.BY_COMMAND
    again = Again.AS_IT_IS


class RecordUnreadable(BackendError):
    """The record of the weights' files is damaged."""

    code = "record_unreadable"
    told = Told.BY_COMMAND
    again = Again.AS_IT_IS


class WrongUsage(BackendError):
    """An option or a value that makes no sense to the command, before anything was begun."""

    code = "usage"
    told = Told.BY_COMMAND
    again = Again.CHANGED


class Interrupted(BackendError):
    """The command waits no longer; the jobs go on."""

    code = "interrupted"
    told = Told.BY_COMMAND
    again = Again.AS_IT_IS
