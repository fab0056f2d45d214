"""The learnt baseline: TF-IDF and logistic regression (the only owner of scikit-learn, which only developers have)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.evaluate.samples import Sample

_FOLDS = 5


def tfidf(samples: Sequence[Sample]) -> list[bool] | None:
    """What a model of words and word pairs says of each post, trained on the other folds; None without scikit-learn.

    The tellings of one deal stand in one fold. Also None where the data is too small or one-sided to learn from.
    """
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import GroupKFold, cross_val_predict
        from sklearn.pipeline import make_pipeline
    except ImportError:
        return None
    wanted = [each.label.deal for each in samples]
    groups = [each.group for each in samples]
    if len({group for group, deal in zip(groups, wanted, strict=True) if deal}) < 2 * _FOLDS or all(wanted):
        return None
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=50_000),
        LogisticRegression(C=10, class_weight="balanced", max_iter=1_000),
    )
    texts = [each.entry.text for each in samples]
    return [bool(said) for said in cross_val_predict(model, texts, wanted, groups=groups, cv=GroupKFold(_FOLDS))]
