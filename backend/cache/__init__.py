"""What is kept so that nothing is made twice: takes, spottings, engines' features, films' digests.

Guarantees that what is damaged is never handed out, and that the quota and the disk's last reserve are kept.
Knows nothing of jobs and clients. Begin with `cache.py`.
"""
